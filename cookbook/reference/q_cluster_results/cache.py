"""cache: which of Django's caches holds cached results and the state of clusters.

The project has two caches. What `memory` holds can be read by one process alone. A task
with the result 7 is sent with `cached`. What does a process beside the cluster see?

>>> from cookbook.reference.q_cluster_results.cache import edges
>>> print(edges())
| Value | What another process sees |
| --- | --- |
| `"default"`, a `FileBasedCache` | Clusters: 1; result: `7` |
| `"memory"`, a `LocMemCache` | Clusters: 0; result: `None` |
| `"memory"`, and the broker is Redis | Clusters: 1; result: `None` |
| `"nowhere"` | Clusters: 0; result: `'NoneType' object has no attribute 'get'` |
| `None` | `TypeError: attribute name must be string, not 'NoneType'` |
"""

from django_q.status import Stat
from django_q.tasks import async_task, result

from cookbook.harness.trial import complaint, observe, table

from .settings import CACHES


def send():
    """Send a task whose result is cached, and one whose result is stored."""
    cached = async_task(abs, -7, cached=60)
    stored = async_task(abs, -8)
    # One worker and one monitor keep the order, so then both are done.
    result(stored, wait=60_000, cached=False)
    try:
        value = result(cached, cached=True)
    except AttributeError as error:
        value = str(error)
    return {"clusters": len(Stat.get_all()), "cached result": value}


def look(**changes):
    """Return what a process beside a cluster can see of it and of a cached result."""
    return observe(send, settings={"CACHES": CACHES}, **changes)


def describe(outcome):
    count, value = outcome["clusters"], outcome["cached result"]
    return f"Clusters: {count}; result: `{value}`"


def edges():
    redis = look(cache="memory", orm=None, redis="redis://localhost:6379/0")
    rows = {
        '`"default"`, a `FileBasedCache`': describe(look(cache="default")),
        '`"memory"`, a `LocMemCache`': describe(look(cache="memory")),
        '`"memory"`, and the broker is Redis': describe(redis),
        '`"nowhere"`': describe(look(cache="nowhere")),
        "`None`": f"`{complaint(cache=None)}`",
    }
    return table(rows, ("Value", "What another process sees"))
