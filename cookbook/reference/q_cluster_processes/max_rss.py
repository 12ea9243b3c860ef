"""max_rss: kilobytes of memory after which a worker is replaced.

A small task, one that takes 200 MB and frees them, and two small ones are sent. Which
process runs each of them? The processes are numbered:

>>> from cookbook.reference.q_cluster_processes.max_rss import edges
>>> print(edges())
| Value | Process of each task |
| --- | --- |
| `150_000` | 1, 1, 2, 2 |
| `None` | 1, 1, 1, 1 |
| `0` | 1, 1, 1, 1 |
| `1` | 1, 2, 3, 4 |
| `-1` | 1, 2, 3, 4 |
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
    values = {"`150_000`": 150_000, "`None`": None, "`0`": 0, "`1`": 1, "`-1`": -1}
    rows = {
        text: ", ".join(map(str, run_by(max_rss=kilobytes)))
        for text, kilobytes in values.items()
    }
    return table(rows, ("Value", "Process of each task"))
