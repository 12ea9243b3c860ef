"""The cluster reports to a cache that no other process can read.

>>> from django_q.status import Stat
>>> from django_q.tasks import async_task, result
>>> result(async_task(abs, -1), wait=10_000)
1
>>> Stat.get_all()
[]

Django does the same where the settings have no CACHES:

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
