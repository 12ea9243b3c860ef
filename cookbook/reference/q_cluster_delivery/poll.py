"""poll: how many seconds the pusher sleeps when it has found the queue empty.

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_delivery.poll import answered, stopped
>>> answered(within=60, poll=0.2)
True
>>> answered(within=2, poll=600), answered(within=2, poll=600, on="PostgreSQL")
(False, False)

The pusher sleeps on when the cluster is told to stop:

>>> stopped(within=2, poll=600)
False

At the edges:

>>> answered(within=60, poll=0)
True
>>> complaint(poll=-1)
'ValueError: sleep length must be non-negative'
>>> complaint(poll=None)
"TypeError: 'NoneType' object cannot be interpreted as an integer"
>>> complaint(poll=10**12)
'OverflowError: timestamp too large to convert to C ...PyTime_t'

Who reads it, and another broker:

>>> readers("poll")
['brokers/mongo.py', 'brokers/orm.py']
>>> answered(within=60, poll=600, orm=None, redis="redis://localhost:6379/0")
True
"""

from django_q.tasks import async_task, result

from cookbook.harness.trial import call, cluster, observe


def send(seconds):
    """Send a task, and another one after it; return whether both had a result."""
    # The first may come before the pusher has found the queue empty.
    tasks = (async_task(abs, number) for number in (-1, -2))
    return all(result(task, wait=seconds * 1000) for task in tasks)


def answered(within, **changes):
    return observe(send, within, **changes)


def stopped(within, **changes):
    """Return whether a cluster that is told to stop does so in time."""
    with cluster("SQLite", **changes) as running:
        call(running, send, 2)
        try:
            running.stop(within)
        except TimeoutError:
            running.kill()
        return running.process.returncode == 0
