"""cpu_affinity: on how many processors a worker may run.

On which ones a task and the next task may run, where there is one worker:

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_processes.cpu_affinity import ALL, allowed
>>> allowed(cpu_affinity=0) == [ALL, ALL]
True
>>> allowed(cpu_affinity=1)
[[0], [0]]

A worker that replaces another one is not bound:

>>> allowed(cpu_affinity=1, recycle=1) == [[0], ALL]
True

At the edges:

>>> allowed(cpu_affinity=10**6) == [ALL, ALL]
True
>>> allowed(cpu_affinity=-1) == [ALL, ALL]
True
>>> complaint(cpu_affinity=0.5)
"TypeError: 'float' object cannot be interpreted as an integer"

Who reads it:

>>> readers("cpu_affinity")
['cluster.py']
"""

from os import sched_getaffinity

from django_q.tasks import async_task, result

from cookbook.harness.trial import observe

ALL = sorted(sched_getaffinity(0))


def send():
    """Send two tasks, one after the other; return the processors of each."""
    return [
        sorted(result(async_task(sched_getaffinity, 0), wait=60_000)) for _ in range(2)
    ]


def allowed(**changes):
    return observe(send, **changes)
