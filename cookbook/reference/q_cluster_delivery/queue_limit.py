"""queue_limit: how many tasks a cluster keeps in memory until a worker is free.

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_delivery.queue_limit import taken
>>> taken(workers=1)
3
>>> taken(workers=3)
13
>>> taken(queue_limit=5, on="PostgreSQL")
7

At the edges:

>>> taken(queue_limit=0), taken(queue_limit=-1)
(20, 20)
>>> complaint(queue_limit=2.5)
"TypeError: 'float' object cannot be interpreted as an integer"
>>> complaint(queue_limit=10**10)
'OverflowError: Python int too large to convert to C int'

Who reads it, and another broker:

>>> readers("queue_limit")
['cluster.py', 'monitor_terminal.py']
>>> taken(queue_limit=5, orm=None, redis="redis://localhost:6379/0")
7
"""

from time import sleep

from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness.trial import observe, wait_until


def send(tasks, looks):
    """Send so many long tasks; return how many have left the queue when it rests."""
    with transaction.atomic():
        for _ in range(tasks):
            async_task(sleep, 600, timeout=600)
    broker, sizes = get_broker(), []

    def at_rest():
        sizes.append(broker.queue_size())
        # A queue that is still full may be one that nobody has looked at yet.
        wanted = looks * 5 if sizes[-1] == tasks else looks
        return sizes[-1] == 0 or sizes[-wanted:] == [sizes[-1]] * wanted

    wait_until(at_rest, 60, lambda: f"the queue does not rest: {sizes}")
    return tasks - sizes[-1]


def taken(**changes):
    """Return how many of 20 long tasks a cluster takes at once."""
    return observe(send, 20, 30, **changes)
