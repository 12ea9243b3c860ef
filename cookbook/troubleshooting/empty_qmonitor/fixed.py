"""The cluster reports to a table of the database, which every process can read.

The cluster has started before the table was made. It runs tasks, and it is listed from
the first report after `createcachetable`:

>>> from time import sleep
>>> from django.core.management import call_command
>>> from django_q.status import Stat
>>> from django_q.tasks import async_task, result
>>> result(async_task(abs, -1), wait=10_000)
1
>>> call_command("createcachetable")
>>> while not Stat.get_all():
...     sleep(0.1)
>>> [len(cluster.workers) for cluster in Stat.get_all()]
[2]
"""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "timeout": 60,
    "retry": 300,
    "cache": "shared",
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    },
}
