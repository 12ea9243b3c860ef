"""recycle: after how many tasks a worker is replaced by a new process.

Which worker runs each of five tasks, when there is one at a time:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_processes.recycle import run_by
>>> run_by()
[1, 1, 1, 1, 1]
>>> run_by(recycle=2)
[1, 1, 2, 2, 3]
>>> run_by(recycle=2, orm=None, redis="redis://localhost:6379/0")
[1, 1, 2, 2, 3]

At the edges:

>>> run_by(recycle=0)
[1, 1, 1, 1, 1]
>>> run_by(recycle=1.5)
[1, 1, 1, 1, 1]

Who reads it:

>>> readers("recycle")
['worker.py']
"""

from os import getpid

from django.db import transaction
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe

from . import numbered


def send():
    """Send five tasks; return the process of each."""
    with transaction.atomic():
        tasks = [async_task(getpid) for _ in range(5)]
    return [result(task, wait=60_000) for task in tasks]


def run_by(**changes):
    """Return which worker ran each of five tasks, in the order of the tasks."""
    return numbered(observe(send, **changes))
