"""queue_limit: tasks that a cluster keeps in memory until a worker is free.

Twenty tasks wait that never end. One worker runs one of them, the memory holds
`queue_limit`, and the pusher holds the next `bulk`. How many have left the queue:

>>> from cookbook.reference.q_cluster_delivery.queue_limit import edges, prefetch
>>> prefetch(workers=1), prefetch(workers=3)
(3, 13)
>>> prefetch(queue_limit=5, on="PostgreSQL")
7
>>> prefetch(queue_limit=5, orm=None, redis="redis://localhost:6379/0")
7

At the edges:

>>> print(edges())
| Value | What happens |
| --- | --- |
| `0`, `None`, `-1` | No limit: all 20 tasks are fetched |
| `2.5` | `TypeError: 'float' object cannot be interpreted as an integer` |
| `10**10` | `OverflowError: Python int too large to convert to C int` |
"""

from time import sleep

from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness.trial import complaint, observe, table, wait_until


def send(tasks, looks):
    """Send long tasks; return how many have left the queue when its size is stable."""
    with transaction.atomic():
        for _ in range(tasks):
            async_task(sleep, 600, timeout=600)
    broker, sizes = get_broker(), []

    def stable():
        sizes.append(broker.queue_size())
        # A queue that is still full may be one that nobody has looked at yet.
        wanted = looks * 5 if sizes[-1] == tasks else looks
        return sizes[-1] == 0 or sizes[-wanted:] == [sizes[-1]] * wanted

    wait_until(stable, 60, lambda: f"the queue is not stable: {sizes}")
    return tasks - sizes[-1]


def prefetch(**changes):
    """Return how many of 20 long tasks a cluster fetches at once."""
    return observe(send, 20, 30, **changes)


def edges():
    zero, none, negative = (prefetch(queue_limit=limit) for limit in (0, None, -1))
    assert zero == none == negative
    return table({
        "`0`, `None`, `-1`": f"No limit: all {zero} tasks are fetched",
        "`2.5`": f"`{complaint(queue_limit=2.5)}`",
        "`10**10`": f"`{complaint(queue_limit=10**10)}`",
    })  # fmt: skip
