"""guard_cycle: how long the sentinel pauses before it looks at its cluster again.

A worker ends after its first task. Is it replaced, can qinfo see the cluster, and
does the sentinel pause?

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_processes.guard_cycle import (
...     escapes, guarded, sure,
... )
>>> guarded(guard_cycle=0.5)
{'replaced': True, 'visible': True, 'pauses': True}
>>> guarded(guard_cycle=600)
{'replaced': False, 'visible': False, 'pauses': True}

A task swallows the exception of its timeout and goes on. Does the sentinel end it?

>>> escapes(seconds=60, guard_cycle=0.5)
False
>>> escapes(seconds=8, guard_cycle=0.3)
True

For which values it surely does, with a timeout of 1 and of 60 seconds:

>>> [cycle for cycle in (0.1, 0.25, 0.3, 0.5, 1, 2, 5) if sure(1, cycle)]
[0.25, 0.5, 1, 2]
>>> [cycle for cycle in (0.1, 0.25, 0.3, 0.5, 1, 2, 5) if sure(60, cycle)]
[0.25, 0.5, 1]

At the edges:

>>> guarded(guard_cycle=0)
{'replaced': True, 'visible': True, 'pauses': False}
>>> guarded(guard_cycle=-1)
{'replaced': True, 'visible': True, 'pauses': False}
>>> guarded(guard_cycle=10**12)
{'replaced': False, 'visible': False, 'pauses': True}
>>> complaint(guard_cycle=None)
"TypeError: unsupported operand type(s) for +=: 'int' and 'NoneType'"

Who reads it:

>>> readers("guard_cycle")
['cluster.py']
"""

from contextlib import suppress
from ctypes import c_float
from time import monotonic, sleep

from django_q.conf import Conf
from django_q.status import Stat
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import call, cluster, observe, wait_until


def rounds():
    """Return how many rounds of the sentinel can be seen in half a second."""
    seen, end = set(), monotonic() + 0.5
    while monotonic() < end:
        seen |= {state.timestamp for state in Stat.get_all()}
    return len(seen)


def send():
    """Send two tasks for which two workers are needed, and wait for the second."""
    async_task(abs, 1)
    wait = 60_000 if Conf.GUARD_CYCLE < 1 else 4_000
    second = fetch(async_task(abs, 2), wait=wait)
    return {
        "replaced": bool(second),
        "visible": bool(Stat.get_all()),
        "pauses": rounds() < 5,
    }


def guarded(**changes):
    return observe(send, recycle=1, **changes)


def stubborn(seconds):
    with suppress(BaseException):  # The timeout is one: it is a SystemExit.
        sleep(600)
    sleep(seconds)


def persist(seconds):
    async_task(stubborn, seconds)


def escapes(seconds, **changes):
    """Return whether a task outlives its timeout by so many seconds."""
    with cluster("SQLite", **changes) as running:
        call(running, persist, seconds)

        def ended():
            return " after timeout" in running.log or "Processed" in running.log

        wait_until(ended, 90, lambda: f"the task has not ended:\n{running.log}")
        return "Processed" in running.log


def sure(timeout, guard_cycle):
    """Return whether the timer of a worker comes to zero, as the sentinel counts it."""
    timer = c_float(timeout + 3)
    while timer.value > 0:
        timer.value -= guard_cycle
    return timer.value == 0
