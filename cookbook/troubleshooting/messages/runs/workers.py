"""Kill workers, let them time out, and let them be recycled."""

import os
import signal
from time import sleep

from django_q.tasks import async_task

from cookbook.harness.trial import own_log, wait_until


def until(words):
    """Wait until the log of this cluster has these words; return the log."""
    wait_until(lambda: words in own_log(), 60, own_log)
    return own_log()


def kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)


def killed():
    """A task that kills the process it runs in.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> print(printed(observe(workers.killed), "after death"))
    CRITICAL reincarnated worker Process-... after death
    """
    async_task(kill_itself)
    return until("after death")


def timed_out():
    """A task that blocks the signal of its timeout.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> print(printed(observe(workers.timed_out), "after timeout"))
    CRITICAL reincarnated worker Process-... after timeout...
    """
    async_task(deaf)
    return until("after timeout")


def deaf():
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    sleep(600)


def recycled():
    """A worker that has run as many tasks as `recycle` says.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> print(printed(observe(workers.recycled, recycle=1), "recycled"))
    INFO recycled worker Process-...
    """
    async_task(abs, -1)
    return until("recycled")
