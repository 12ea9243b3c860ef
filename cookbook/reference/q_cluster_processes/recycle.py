"""recycle: tasks after which a worker is replaced by a new process.

Five tasks return the process that ran them. There is one worker at a time; the list
numbers the processes:

>>> from cookbook.reference.q_cluster_processes.recycle import edges, run_by
>>> run_by()
[1, 1, 1, 1, 1]
>>> run_by(recycle=2)
[1, 1, 2, 2, 3]
>>> run_by(recycle=2, orm=None, redis="redis://localhost:6379/0")
[1, 1, 2, 2, 3]

At the edges:

>>> print(edges())
| Value | What happens |
| --- | --- |
| `0` | No worker is replaced |
| `1.5` | No worker is replaced |
"""

from os import getpid

from django.db import transaction
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe, table

from . import number


def send():
    """Send five tasks; return the process of each."""
    with transaction.atomic():
        tasks = [async_task(getpid) for _ in range(5)]
    return [result(task, wait=60_000) for task in tasks]


def run_by(**changes):
    """Return which worker ran each of five tasks, in the order of the tasks."""
    return number(observe(send, **changes))


def edges():
    meanings = {(1, 1, 1, 1, 1): "No worker is replaced"}
    return table({
        f"`{tasks}`": meanings[tuple(run_by(recycle=tasks))] for tasks in (0, 1.5)
    })  # fmt: skip
