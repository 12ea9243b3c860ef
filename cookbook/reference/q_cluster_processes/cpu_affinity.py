"""cpu_affinity: processors to which each worker is bound.

Two tasks, one after the other, return the processors on which they may run. There is
one worker:

>>> from cookbook.reference.q_cluster_processes.cpu_affinity import ALL, allowed, edges
>>> print(edges())
| Value | What happens |
| --- | --- |
| `1` | Bound to processor 0 |
| `0` | Not bound |
| `-1` | Not bound |
| `10**6` | Not bound |
| `0.5` | `TypeError: 'float' object cannot be interpreted as an integer` |

A worker that replaces another one is not bound:

>>> allowed(cpu_affinity=1, recycle=1) == [[0], ALL]
True
"""

from os import sched_getaffinity

from django_q.tasks import async_task, result

from cookbook.harness.trial import complaint, observe, table

ALL = sorted(sched_getaffinity(0))


def send():
    """Send two tasks, one after the other; return the processors of each."""
    return [
        sorted(result(async_task(sched_getaffinity, 0), wait=60_000)) for _ in range(2)
    ]


def allowed(**changes):
    return observe(send, **changes)


def describe(processors):
    return (
        "Not bound"
        if processors == [ALL, ALL]
        else f"Bound to processor {processors[0][0]}"
    )


def edges():
    rows = {
        text: describe(allowed(cpu_affinity=count))
        for text, count in {"`1`": 1, "`0`": 0, "`-1`": -1, "`10**6`": 10**6}.items()
    }
    return table(rows | {"`0.5`": f"`{complaint(cpu_affinity=0.5)}`"})
