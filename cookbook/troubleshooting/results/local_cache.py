"""Results in a cache that belongs to one process, and in one that all share.

>>> from cookbook.harness.trial import observe
>>> from cookbook.troubleshooting.results.local_cache import LOCAL, look
>>> observe(look, settings={"CACHES": {"default": LOCAL}})
{'async_iter': None, 'cached': None}
>>> observe(look)
{'async_iter': [1, 2], 'cached': 3}
"""

from django_q.models import OrmQ
from django_q.tasks import async_iter, async_task, result

from cookbook.harness.trial import own_log, stop, wait_until

LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def look():
    """Return the results that this process finds when the queue is empty."""
    parts = async_iter(abs, [-1, -2])
    one = async_task(abs, -3, cached=600)
    wait_until(lambda: not OrmQ.objects.exists(), 60, own_log)
    stop()
    return {"async_iter": result(parts), "cached": result(one, cached=True)}
