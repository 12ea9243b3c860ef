"""recycle: tasks after which a worker is replaced by a new process.

Which process runs each of five tasks? There is one worker at a time, and the processes
are numbered:

>>> from cookbook.reference.q_cluster_processes.recycle import edges
>>> print(edges())
| Value | Process of each task |
| --- | --- |
| Not set | 1, 1, 1, 1, 1 |
| `2` | 1, 1, 2, 2, 3 |
| `2` on Redis | 1, 1, 2, 2, 3 |
| `0` | 1, 1, 1, 1, 1 |
| `1.5` | 1, 1, 1, 1, 1 |
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
    redis = {"orm": None, "redis": "redis://localhost:6379/0"}
    rows = {
        "Not set": run_by(),
        "`2`": run_by(recycle=2),
        "`2` on Redis": run_by(recycle=2, **redis),
        "`0`": run_by(recycle=0),
        "`1.5`": run_by(recycle=1.5),
    }
    listed = {text: ", ".join(map(str, workers)) for text, workers in rows.items()}
    return table(listed, ("Value", "Process of each task"))
