"""max_attempts: failed runs after which a task leaves the queue.

The task always fails; after three runs the count stops:

>>> from cookbook.reference.q_cluster_delivery.max_attempts import edges
>>> print(edges())
| Value | What happens to a task that fails |
| --- | --- |
| `2` | Runs twice |
| `0`, `-1`, `10**12` | Runs again and again |
| `1.5` | Runs twice |
| `1`, but its result goes to the cache | Runs again and again: it is not counted |
| `2` on Redis | Runs once |
| `None` | `TypeError: '>' not supported between instances of 'NoneType' and 'int'` |
"""

from cookbook.harness.trial import complaint, table

from . import runs
from .ack_failures import REDIS, RUNS


def edges():
    zero, negative, large = (runs(max_attempts=most) for most in (0, -1, 10**12))
    assert zero == negative == large
    in_cache = RUNS[runs(max_attempts=1, cached=60)]
    rows = {
        "`2`": RUNS[runs(max_attempts=2)],
        "`0`, `-1`, `10**12`": RUNS[zero],
        "`1.5`": RUNS[runs(max_attempts=1.5)],
        "`1`, but its result goes to the cache": f"{in_cache}: it is not counted",
        "`2` on Redis": RUNS[runs(looks=120, max_attempts=2, **REDIS)],
        "`None`": f"`{complaint(max_attempts=None)}`",
    }
    return table(rows, ("Value", "What happens to a task that fails"))
