"""queue_limit: how many tasks a cluster keeps in memory until a worker is free.

>>> taken(workers=1)
3
>>> taken(workers=3)
13
>>> taken(queue_limit=5), taken(queue_limit=5, on="PostgreSQL")
(7, 7)
>>> taken(queue_limit=5, bulk=3)
9

At the edges:

>>> taken(queue_limit=0), taken(queue_limit=None), taken(queue_limit=-1)
(20, 20, 20)
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

from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness.servers import wait_until

from . import call, cluster, complaint, readers  # noqa: F401  The session uses them.


def send():
    """Send 20 long tasks; return how many have left the queue when it rests."""
    for _ in range(20):
        async_task(sleep, 600, timeout=600)
    broker, sizes = get_broker(), []

    def at_rest():
        sizes.append(broker.queue_size())
        return sizes[-1] < 20 and sizes[-50:] == [sizes[-1]] * 50

    wait_until(at_rest, 60, lambda: f"the queue does not rest: {sizes}")
    return 20 - sizes[-1]


def taken(on="SQLite", **changes):
    """Return how many of 20 long tasks a cluster takes at once."""
    with cluster(on, **changes) as running:
        try:
            return call(running, send)
        finally:
            running.kill()  # A clean stop would wait ten minutes for every task.
