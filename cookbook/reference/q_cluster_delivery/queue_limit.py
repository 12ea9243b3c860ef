"""queue_limit: tasks that a cluster keeps in memory until a worker is free.

Twenty long tasks are queued. One worker runs one of them, the memory holds
`queue_limit`, and the pusher holds the next one. How many have left the queue?

>>> from cookbook.reference.q_cluster_delivery.queue_limit import edges
>>> print(edges())
| Value | What happens |
| --- | --- |
| `5` | 7 of 20 tasks are fetched |
| `5` on Redis | 7 of 20 tasks are fetched |
| Not set, 1 worker | 3 of 20 tasks are fetched |
| Not set, 3 workers | 13 of 20 tasks are fetched |
| `0` | 20 of 20 tasks are fetched |
| `None` | 20 of 20 tasks are fetched |
| `-1` | 20 of 20 tasks are fetched |
| `2.5` | `TypeError: 'float' object cannot be interpreted as an integer` |
| `10**10` | `OverflowError: Python int too large to convert to C int` |
"""

from time import sleep

from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness.trial import complaint, observe, table, wait_until


def send(tasks, least):
    """Send long tasks; return how many have left the queue when its size is stable.

    At least so many must leave it: a busy machine may look stable before.
    """
    with transaction.atomic():
        for _ in range(tasks):
            async_task(sleep, 600, timeout=600)
    broker, fetched = get_broker(), []

    def stable():
        fetched.append(tasks - broker.queue_size())
        # A queue that is still full may be one that nobody has looked at yet.
        looks = 30 if fetched[-1] else 150
        return fetched[-1] >= least and fetched[-looks:] == fetched[-1:] * looks

    wait_until(stable, 60, lambda: f"fewer than {least} were fetched: {fetched}")
    return fetched[-1]


def prefetch(least, **changes):
    """Return how many of 20 long tasks a cluster fetches at once, `least` or more."""
    return observe(send, 20, least, **changes)


def edges():
    redis = {"orm": None, "redis": "redis://localhost:6379/0"}
    counts = {
        "`5`": prefetch(7, queue_limit=5, on="PostgreSQL"),
        "`5` on Redis": prefetch(7, queue_limit=5, **redis),
        "Not set, 1 worker": prefetch(3, workers=1),
        "Not set, 3 workers": prefetch(13, workers=3),
        "`0`": prefetch(20, queue_limit=0),
        "`None`": prefetch(20, queue_limit=None),
        "`-1`": prefetch(20, queue_limit=-1),
    }
    rows = {text: f"{count} of 20 tasks are fetched" for text, count in counts.items()}
    rows["`2.5`"] = f"`{complaint(queue_limit=2.5)}`"
    rows["`10**10`"] = f"`{complaint(queue_limit=10**10)}`"
    return table(rows)
