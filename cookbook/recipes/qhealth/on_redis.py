"""The same on Redis, which keeps the heartbeats itself.

>>> from cookbook.recipes.qhealth import health
>>> import os, signal, time
>>> from io import StringIO
>>> from django.core.management import call_command
>>> from django_q.brokers import get_broker
>>> from django_q.status import Stat
>>> from django_q.tasks import async_task
>>> call_command("createcachetable")
>>> def until(code, *arguments):
...     deadline, end = time.monotonic() + 90, None
...     while end != code:
...         assert time.monotonic() < deadline, printed.getvalue()
...         printed, end = StringIO(), 0
...         try:
...             call_command("qhealth", *arguments, stdout=printed)
...         except SystemExit as ended:
...             end = ended.code
...     print(end, printed.getvalue(), end="")
>>> until(0)
0 HEALTHY: 1 cluster, 0 waiting

The cluster gets SIGTERM, as from a process manager, and a task waits for the next.

>>> os.kill(Stat.get_all()[0].pid, signal.SIGTERM)
>>> until(3, "--wait=5")
3 NO_CLUSTER: no heartbeat within 5 s, on this host
>>> waiting = async_task(abs, -1)
>>> until(3, "queue", "--wait=0")
3 NO_CLUSTER: no heartbeat within 0 s, on any host
>>> age = health.oldest(health.packages(get_broker()))
>>> 0 < age < 600
True

What somebody else wrote into the list has no valid signature.

>>> get_broker().connection.rpush("django_q:shop:q", "rubbish")
2
>>> list(health.poison(get_broker(), health.packages(get_broker()), 3))
['a package cannot be read: BadSignature: No ":" found in value']

Needs: redis.
"""

Q_CLUSTER = {
    "name": "shop",
    "redis": "redis://localhost:6379/0",
    "workers": 1,
    "timeout": 60,
    "retry": 300,
}
