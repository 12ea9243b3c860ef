"""With a long guard_cycle a report is forgotten before the next one comes.

The first loop ends when a report has expired, the second when the next one has come:

>>> from time import sleep
>>> from django_q.brokers import get_broker
>>> from django_q.status import Stat
>>> from django_q.tasks import async_task, result
>>> while Stat.get_all():
...     sleep(0.1)
>>> while not Stat.get_all():
...     sleep(0.1)
>>> redis = get_broker().connection
>>> [redis.ttl(cluster.key) <= 3 for cluster in Stat.get_all()]
[True]

Meanwhile the cluster works:

>>> result(async_task(abs, -1), wait=10_000)
1
"""

Q_CLUSTER = {
    "name": "shop",
    "redis": "redis://localhost:6379/0",
    "workers": 2,
    "timeout": 60,
    "retry": 300,
    "guard_cycle": 8,
}
