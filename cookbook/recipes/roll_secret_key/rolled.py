"""Roll the key under a queue of the ORM broker, first plainly, then without loss.

The cluster of this session has the new key, and the old one as a fallback.

>>> from django_q.signing import SignedPackage
>>> from cookbook.recipes.roll_secret_key.rolled import SECRET_KEY_FALLBACKS
>>> from time import sleep
>>> from unittest.mock import patch
>>> from django.core.management import call_command
>>> from django_q.brokers import get_broker
>>> from django_q.conf import Conf
>>> from django_q.models import OrmQ, Task
>>> from django_q.status import Stat
>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.roll_secret_key.rounds import side_by_side
>>> with_old_key = patch.object(Conf, "SECRET_KEY", *SECRET_KEY_FALLBACKS)
>>> with with_old_key:
...     ids = [async_task(abs, -number) for number in range(5)]
>>> while OrmQ.objects.exists():
...     sleep(0.1)
>>> OrmQ.objects.count(), Task.objects.count()
(0, 0)

All five are gone, and no failure was stored. The queue `later` has no cluster yet:

>>> with with_old_key:
...     ids = [async_task(abs, -number, cluster="later") for number in range(5)]
>>> foreign = OrmQ.objects.create(key="never", payload="of:another:project")
>>> call_command("resign_queue")
5 signed anew
>>> call_command("resign_queue")
0 signed anew
>>> OrmQ.objects.filter(key="later").update(key="shop")
5
>>> [result(task, wait=60_000) for task in ids]
[0, 1, 2, 3, 4]

Clusters of two rounds share a queue, and each runs what either round has sent:

>>> for step in [(0, 1), (1, 2), (2, 3)]:
...     print(*sorted(side_by_side(*step)))
(0, 0) (0, 1) (1, 0) (1, 1)
(1, 1) (1, 2) (2, 1) (2, 2)
(2, 2) (2, 3) (3, 2) (3, 3)

Cached results and the status of clusters are signed too:

>>> with with_old_key:
...     task = async_task(abs, -6, sync=True, cached=60)
...     get_broker().set_stat("old", SignedPackage.dumps("status"), 60)
>>> result(task, cached=True)
Traceback (most recent call last):
    ...
django.core.signing.BadSignature: Signature "..." does not match
>>> "status" in Stat.get_all()
False
"""

SECRET_KEY_FALLBACKS = ["the-key-of-last-year"]
