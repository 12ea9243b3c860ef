"""retry: seconds after which a task that is not acknowledged is delivered again.

Four tasks of 0.4 seconds wait for one worker that keeps ten tasks in memory. Each task
is shorter than `timeout`, one second, but the last one waits 1.2 seconds in memory.
Does it run more than once?

>>> from cookbook.reference.q_cluster_delivery.retry import edges, repeats
>>> repeats(retry=60), repeats(retry=1.1), repeats(retry=1.1, on="PostgreSQL")
(False, True, True)

On Redis it runs only once, because Redis never delivers a task again:

>>> repeats(retry=1.1, orm=None, redis="redis://localhost:6379/0")
False

The longest time from a task's fetch to its end, in seconds:

>>> from cookbook.qdoctor.rules import longest_hold
>>> keys = {"timeout": 30, "workers": 4, "queue_limit": 16, "bulk": 1}
>>> longest_hold(keys, "orm"), longest_hold(keys | {"queue_limit": 1}, "orm")
(180, 60)

Other values:

>>> print(edges())
| Value | What happens |
| --- | --- |
| Longer than any wait | Runs once |
| Shorter than the wait for a worker | Runs more than once |
| `0` | Runs more than once |
| Negative | Runs more than once |
| `None` | `TypeError: '>' not supported between instances of 'int' and 'NoneType'` |
| `10**12` | `OverflowError: date value out of range` |
"""

from time import sleep

from django.db import transaction
from django_q.tasks import async_task

from cookbook.harness.trial import (
    complaint,
    observe,
    stop,
    table,
    wait_until,
    write,
    written,
)

RUNS = {False: "Runs once", True: "Runs more than once"}


def nap(number):
    sleep(0.4)
    write(number)


def send(naps):
    """Send naps; return whether the last one has run more than once."""
    with transaction.atomic():
        for number in range(naps):
            async_task(nap, number)
    last = str(naps - 1)
    wait_until(lambda: last in written(), 60, lambda: f"only {written()} ran")
    stop()  # First the cluster finishes every task that it has fetched.
    return written().count(last) > 1


def repeats(naps=4, **changes):
    """Return whether one worker runs the last of some naps more than once."""
    return observe(send, naps, **{"queue_limit": 10} | changes)


def edges():
    return table({
        "Longer than any wait": RUNS[repeats(retry=60)],
        "Shorter than the wait for a worker": RUNS[repeats(retry=1.1)],
        "`0`": RUNS[repeats(naps=1, queue_limit=1, retry=0)],
        "Negative": RUNS[repeats(naps=1, queue_limit=1, retry=-60)],
        "`None`": f"`{complaint(retry=None)}`",
        "`10**12`": f"`{complaint(retry=10**12)}`",
    })  # fmt: skip
