"""workers: how many processes of a cluster run tasks.

>>> from multiprocessing import cpu_count
>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_processes.workers import processes, seen
>>> seen(workers=1)
{'processes': 5, 'tasks at once': 1}
>>> seen(workers=3)
{'processes': 7, 'tasks at once': 3}

At the edges:

>>> processes(workers=0) == 4 + cpu_count()
True
>>> processes(workers=-1)
4
>>> complaint(workers=2.5)
"TypeError: 'float' object cannot be interpreted as an integer"
>>> complaint(workers=46_341)
'OverflowError: Python int too large to convert to C int'

Who reads it:

>>> readers("workers")
['cluster.py', 'monitor_terminal.py']
"""

from time import sleep, time

import psutil
from django.db import transaction
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe, stop


def nap():
    begun = time()
    sleep(2)
    return begun, time()


def send():
    """Send three naps; return how many of them slept at the same time."""
    with transaction.atomic():
        tasks = [async_task(nap, timeout=60) for _ in range(3)]
    naps = [result(task, wait=60_000) for task in tasks]
    return max(
        sum(begun <= moment < ended for begun, ended in naps) for moment, _ in naps
    )


def count():
    """Return of how many processes the cluster of this process consists."""
    main = psutil.Process()
    return len([main, *main.children(recursive=True)])


def processes(**changes):
    return observe(count, **changes)


def look():
    found = {"processes": count(), "tasks at once": send()}
    stop()
    return found


def seen(on="SQLite", **changes):
    return observe(look, on=on, **changes)
