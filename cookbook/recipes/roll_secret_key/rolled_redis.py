"""Roll the key under a queue of the Redis broker, plainly and without loss.

>>> from cookbook.recipes.roll_secret_key.rolled_redis import SECRET_KEY_FALLBACKS
>>> from unittest.mock import patch
>>> from django.core.management import call_command
>>> from django_q.brokers import get_broker
>>> from django_q.conf import Conf
>>> from django_q.models import Task
>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.roll_secret_key.rounds import side_by_side
>>> with_old_key = patch.object(Conf, "SECRET_KEY", *SECRET_KEY_FALLBACKS)
>>> with with_old_key:
...     ids = [async_task(abs, -number) for number in range(5)]
>>> result(async_task(abs, -5), wait=60_000)
5
>>> get_broker().queue_size(), Task.objects.count()
(0, 1)

All five are gone. Once more, on a queue that has no cluster yet:

>>> with with_old_key:
...     ids = [async_task(abs, -number, cluster="later") for number in range(5)]
>>> call_command("resign_queue", "later")
5 signed anew
>>> broker = get_broker("later")
>>> broker.connection.rename(broker.list_key, get_broker("shop").list_key)
True
>>> [result(task, wait=60_000) for task in ids]
[0, 1, 2, 3, 4]

Clusters of two rounds share a queue, and each runs what either round has sent:

>>> sorted(side_by_side(1, 2))
[(1, 1), (1, 2), (2, 1), (2, 2)]
"""

SECRET_KEY_FALLBACKS = ["the-key-of-last-year"]

Q_CLUSTER = {
    "name": "shop",
    "redis": "redis://localhost:6379/0",
    "workers": 1,
    "timeout": 60,
    "retry": 120,
}
