"""max_rss: kilobytes of memory after which a worker is replaced.

A small task, one that takes 200 MB and gives them back, and two small ones return the
process that ran them. The list numbers the processes:

>>> from cookbook.reference.q_cluster_processes.max_rss import edges, run_by
>>> run_by(max_rss=150_000)
[1, 1, 2, 2]

At the edges:

>>> print(edges())
| Value | What happens |
| --- | --- |
| `None` | No worker is replaced |
| `0` | No worker is replaced |
| `1` | Every task gets a new worker |
| `-1` | Every task gets a new worker |
"""

from os import getpid

from django.db import transaction
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe, table

from . import number


def work(megabytes):
    """Use some memory, give it back, and return the process that did it."""
    used = b"x" * megabytes * 1_000_000
    del used
    return getpid()


def send():
    """Send the four tasks; return the process of each."""
    with transaction.atomic():
        tasks = [async_task(work, size, timeout=60) for size in (1, 200, 1, 1)]
    return [result(task, wait=60_000) for task in tasks]


def run_by(**changes):
    """Return which worker ran each of the four tasks."""
    return number(observe(send, **changes))


def edges():
    meanings = {
        (1, 1, 1, 1): "No worker is replaced",
        (1, 2, 3, 4): "Every task gets a new worker",
    }
    return table({
        f"`{kilobytes}`": meanings[tuple(run_by(max_rss=kilobytes))]
        for kilobytes in (None, 0, 1, -1)
    })  # fmt: skip
