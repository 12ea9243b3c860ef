"""workers: processes of a cluster that run tasks.

Three tasks that sleep for two seconds are sent together:

>>> from cookbook.reference.q_cluster_processes.workers import edges
>>> print(edges())
| Value | What happens |
| --- | --- |
| `1` | 5 processes, tasks at once: 1 |
| `3` | 7 processes, tasks at once: 3 |
| `0` | As many workers as the machine has processors |
| `-1` | No worker: tasks are fetched and never start |
| `2.5` | `TypeError: 'float' object cannot be interpreted as an integer` |
| `46_341` | `OverflowError: Python int too large to convert to C int` |
"""

from multiprocessing import cpu_count
from time import sleep, time

import psutil
from django.db import transaction
from django_q.tasks import async_task, result

from cookbook.harness.trial import complaint, observe, stop, table


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
    """Return the number of processes in the cluster of this process."""
    main = psutil.Process()
    return len([main, *main.children(recursive=True)])


def processes(**changes):
    return observe(count, **changes)


def look():
    outcome = count(), send()
    stop()
    return outcome


def parallel(**changes):
    total, naps = observe(look, **changes)
    return f"{total} processes, tasks at once: {naps}"


def edges():
    meanings = {
        4 + cpu_count(): "As many workers as the machine has processors",
        4: "No worker: tasks are fetched and never start",
    }
    return table({
        "`1`": parallel(workers=1),
        "`3`": parallel(workers=3),
        "`0`": meanings[processes(workers=0)],
        "`-1`": meanings[processes(workers=-1)],
        "`2.5`": f"`{complaint(workers=2.5)}`",
        "`46_341`": f"`{complaint(workers=46_341)}`",
    })  # fmt: skip
