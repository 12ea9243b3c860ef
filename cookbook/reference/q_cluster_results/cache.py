"""cache: which of Django's caches holds cached results and the state of the clusters.

The project has two caches. What `memory` holds is seen by one process alone:

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_results.cache import seen
>>> seen(cache="default")
{'clusters': 1, 'cached result': 7}
>>> seen(cache="memory")
{'clusters': 0, 'cached result': None}

At the edges, a name that CACHES does not have means no cache:

>>> seen(cache="nowhere")
{'clusters': 0, 'cached result': "'NoneType' object has no attribute 'get'"}
>>> complaint(cache=None)
"TypeError: attribute name must be string, not 'NoneType'"

Who reads it, and another broker, which keeps the state of the clusters itself:

>>> readers("cache")
['brokers/__init__.py']
>>> seen(cache="memory", orm=None, redis="redis://localhost:6379/0")
{'clusters': 1, 'cached result': None}
"""

from django_q.status import Stat
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe

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


def seen(**changes):
    """Return what a process sees of a cluster beside it, and of a cached result."""
    return observe(send, settings={"CACHES": CACHES}, **changes)
