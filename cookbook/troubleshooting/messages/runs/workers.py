"""Give a cluster good tasks and bad ones, and break what its processes need."""

import signal
import sys
from threading import Thread
from time import sleep
from unittest import TestCase, mock

from django.db import connection
from django_q.conf import Conf
from django_q.tasks import async_task

from cookbook.harness.trial import own_log, stop, wait_until


def until(*words):
    """Wait until the log of this cluster has all these words; return the log."""
    wait_until(lambda: all(word in own_log() for word in words), 60, own_log)
    return own_log()


def run_three():
    """A task that succeeds, one that fails, and one whose function does not exist.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> log = observe(workers.run_three, timeout=30, log_level="DEBUG")
    >>> for words in (
    ...     "ready for", "monitoring at", "pushing tasks at", "queueing", "processing",
    ...     "Processed", "Failed 'builtins.int'", "Failed 'shop", "stopped pushing",
    ...     "stopped doing", "stopped monitoring",
    ... ):
    ...     print(printed(log, words))
    INFO Process-... ready for work at ...
    INFO Process-... monitoring at ...
    INFO Process-... pushing tasks at ...
    DEBUG queueing from shop
    INFO Process-... processing sums '<built-in function abs>' [daily]
    INFO Processed '<built-in function abs>' (sums)
    ERROR Failed 'builtins.int' (...) - invalid literal for int() with base 10: 'x' ...
    ERROR Failed 'shop.tasks.bill' (...) - Function shop.tasks.bill is not defined ...
    INFO Process-... stopped pushing tasks
    INFO Process-... stopped doing work
    INFO Process-... stopped monitoring results
    """
    async_task(abs, -1, task_name="sums", group="daily")
    async_task("builtins.int", "x")
    async_task("shop.tasks.bill")
    until("Processed", "Failed 'builtins.int'", "Failed 'shop")
    stop()
    return own_log()


def time_out():
    """A task that takes longer than `timeout`, here 1.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> log = observe(workers.time_out)
    >>> for words in ("Task exceeded", "after timeout"):
    ...     print(printed(log, words))
    ERROR Failed ... - Task exceeded maximum timeout value (1 seconds) : ...
    CRITICAL reincarnated worker Process-... after timeout
    """
    async_task(sleep, 600)
    return until("Task exceeded", "after timeout")


def run_in_thread():
    """A task with `sync=True`, run in a thread of a web server or a test.

    >>> from cookbook.harness.trial import without_cluster
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> log = without_cluster(workers.run_in_thread)
    >>> print(printed(log, "SIGALARM"))
    DEBUG:django-q:SIGALARM is not available on your platform
    """
    thread = Thread(target=async_task, args=[abs, -1], kwargs={"sync": True})
    with TestCase().assertLogs("django-q", "DEBUG") as log:
        thread.start()
        thread.join()
    return "\n".join(log.output)


def recycle():
    """A worker that has run as many tasks as `recycle` says.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> print(printed(observe(workers.recycle, recycle=1), "recycled"))
    INFO recycled worker Process-...
    """
    async_task(abs, -1)
    return until("recycled")


def kill_worker():
    """A task that kills the process in which it runs.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> print(printed(observe(workers.kill_worker), "after death"))
    CRITICAL reincarnated worker Process-... after death
    """
    async_task(signal.raise_signal, signal.SIGKILL)
    return until("after death")


class PaymentError(Exception):
    """An exception that cannot be unpickled: Python passes it only its text."""

    def __init__(self, code, text):
        super().__init__(text)


def pay():
    return PaymentError(402, "declined")


def kill_monitor():
    """A task that returns an object that cannot be unpickled.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> log = observe(workers.kill_monitor)
    >>> for words in ("TypeError", "monitor Process"):
    ...     print(printed(log, words))
    TypeError: PaymentError.__init__() missing 1 required positional argument: 'text'
    CRITICAL reincarnated monitor Process-... after sudden death
    """
    async_task(pay)
    until("after sudden death")
    stop()
    return own_log()


def kill_pusher():
    """A task whose module was renamed after it was enqueued.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> log = observe(workers.kill_pusher)
    >>> for words in ("ModuleNotFoundError", "pusher Process"):
    ...     print(printed(log, words))
    ModuleNotFoundError: No module named 'mails'
    CRITICAL reincarnated pusher Process-... after sudden death
    """
    sys.modules["mails"], send.__module__ = sys.modules[__name__], "mails"
    async_task(send)
    return until("after sudden death")


def send():
    """Send a mail."""


def change_key():
    """A task that was enqueued with another `SECRET_KEY` than the cluster has.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> log = observe(workers.change_key)
    >>> for words in ("Failed to push", "BadSignature:"):
    ...     print(printed(log, words))
    ERROR Failed to push task to queue
    django.core.signing.BadSignature: Signature ... does not match
    """
    with mock.patch.object(Conf, "SECRET_KEY", "the key of another site"):
        async_task(abs, -1)
    return until("Failed to push", "BadSignature:")


def lose_tables():
    """The table of results is gone, then the table of the queue.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import printed, workers
    >>> log = observe(workers.lose_tables)
    >>> for words in ("Could not save", "Processed", "Failed to pull"):
    ...     print(printed(log, words))
    ERROR Could not save task result
    INFO Processed '<built-in function abs>' (...)
    ERROR Failed to pull task from broker
    """
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_q_task RENAME TO away")
        async_task(abs, -1)
        until("Could not save", "Processed")
        cursor.execute("ALTER TABLE django_q_ormq RENAME TO gone")
    return until("Failed to pull")
