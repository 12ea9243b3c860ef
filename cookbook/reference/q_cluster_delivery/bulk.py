"""bulk: tasks that the pusher fetches in one request.

Twenty tasks wait that never end. One worker runs one, the memory holds five, and the
pusher holds one `bulk`. How many have left the queue:

>>> from cookbook.reference.q_cluster_delivery.bulk import edges
>>> from cookbook.reference.q_cluster_delivery.queue_limit import prefetch
>>> prefetch(bulk=3, queue_limit=5, on="PostgreSQL")
9

Redis gives one task at a time, whatever the key says:

>>> prefetch(bulk=3, queue_limit=5, orm=None, redis="redis://localhost:6379/0")
7

At the edges:

>>> print(edges())
| Value | What happens |
| --- | --- |
| `0` | 0 of 20 tasks are fetched; the cluster runs and logs no error |
| `None` | 20 of 20 tasks are fetched: all at once, whatever `queue_limit` says |
| `2.5` | 8 of 20 tasks are fetched, as with 2 |
| `-1` | The pusher logs `ValueError: Negative indexing is not supported.` |
"""

from cookbook.harness.trial import complaint, table

from .queue_limit import prefetch

COMMENTS = {
    0: "; the cluster runs and logs no error",
    None: ": all at once, whatever `queue_limit` says",
    2.5: ", as with 2",
}


def edges():
    rows = {
        f"`{bulk}`": f"{prefetch(bulk=bulk, queue_limit=5)} of 20 tasks are fetched"
        + comment
        for bulk, comment in COMMENTS.items()
    }
    return table(rows | {"`-1`": f"The pusher logs `{complaint(bulk=-1)}`"})
