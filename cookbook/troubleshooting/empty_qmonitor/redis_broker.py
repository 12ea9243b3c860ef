"""With the Redis broker the reports are in Redis, so the cache does not matter.

The cache is the one of a single process, and the cluster is listed:

>>> from django_q.status import Stat
>>> from django_q.tasks import async_task, result
>>> result(async_task(abs, -1), wait=10_000)
1
>>> [len(cluster.workers) for cluster in Stat.get_all()]
[2]
"""

Q_CLUSTER = {
    "name": "shop",
    "redis": "redis://localhost:6379/0",
    "workers": 2,
    "timeout": 60,
    "retry": 300,
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
