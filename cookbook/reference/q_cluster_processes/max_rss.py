"""max_rss: how much memory a worker may have used before it is replaced.

Which worker runs a small task, one that takes 200 MB, and two small ones:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_processes.max_rss import run_by
>>> run_by(max_rss=None)
[1, 1, 1, 1]
>>> run_by(max_rss=150_000)
[1, 1, 2, 2]

At the edges:

>>> run_by(max_rss=0)
[1, 1, 1, 1]
>>> run_by(max_rss=1)
[1, 2, 3, 4]
>>> run_by(max_rss=-1)
[1, 2, 3, 4]

Who reads it:

>>> readers("max_rss")
['worker.py']
"""

from os import getpid

from django.db import transaction
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe

from . import numbered


def work(megabytes):
    """Use so much memory, give it back, and return the process that did it."""
    used = b"x" * megabytes * 1_000_000
    del used
    return getpid()


def send():
    """Send the four tasks; return the process of each."""
    with transaction.atomic():
        tasks = [async_task(work, size, timeout=60) for size in (1, 200, 1, 1)]
    return [result(task, wait=60_000) for task in tasks]


def run_by(**changes):
    return numbered(observe(send, **changes))
