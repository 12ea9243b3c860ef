"""bulk: tasks that the pusher fetches in one request.

Twenty long tasks are queued. One worker runs one, the memory holds five, and the
pusher holds up to `bulk`. How many have left the queue?

>>> from cookbook.reference.q_cluster_delivery.bulk import edges
>>> print(edges())
| Value | What happens |
| --- | --- |
| `3` | 9 of 20 tasks are fetched |
| `3` on Redis | 7 of 20 tasks are fetched |
| `0` | 0 of 20 tasks are fetched |
| `None` | 20 of 20 tasks are fetched |
| `2.5` | 8 of 20 tasks are fetched |
| `-1` | `ValueError: Negative indexing is not supported.` |
"""

from cookbook.harness.trial import complaint, table

from .queue_limit import prefetch


def edges():
    redis = {"orm": None, "redis": "redis://localhost:6379/0"}
    counts = {
        "`3`": prefetch(9, bulk=3, queue_limit=5, on="PostgreSQL"),
        "`3` on Redis": prefetch(7, bulk=3, queue_limit=5, **redis),
        "`0`": prefetch(0, bulk=0, queue_limit=5),
        "`None`": prefetch(20, bulk=None, queue_limit=5),
        "`2.5`": prefetch(8, bulk=2.5, queue_limit=5),
    }
    rows = {text: f"{count} of 20 tasks are fetched" for text, count in counts.items()}
    return table(rows | {"`-1`": f"`{complaint(bulk=-1)}`"})
