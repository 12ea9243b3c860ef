"""The cluster reports to a cache that no other process can read.

A task succeeds, and no cluster is listed:

>>> from django_q.status import Stat
>>> from django_q.tasks import async_task, result
>>> result(async_task(abs, -1), wait=10_000)
1
>>> Stat.get_all()
[]

Settings without CACHES have the same cache:

>>> from django.conf import global_settings
>>> global_settings.CACHES["default"]["BACKEND"]
'django.core.cache.backends.locmem.LocMemCache'
"""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "timeout": 60,
    "retry": 300,
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
