"""poll: seconds that the pusher sleeps when it has found the queue empty.

A task is sent to an idle cluster. Does it have a result within a minute, or within two
seconds?

>>> from cookbook.reference.q_cluster_delivery.poll import answers, edges, stops
>>> answers(within=60, poll=0.2)
True
>>> answers(within=2, poll=600), answers(within=2, poll=600, on="PostgreSQL")
(False, False)

Redis is not polled: the pusher waits inside Redis for the next task.

>>> answers(within=60, poll=600, orm=None, redis="redis://localhost:6379/0")
True

Does a cluster stop within two seconds of SIGTERM?

>>> stops(within=2, poll=600)
False

At the edges:

>>> print(edges())
| Value | What happens |
| --- | --- |
| `0` | A task is answered; the pusher asks the database without a pause |
| `-1` | `ValueError: sleep length must be non-negative` |
| `None` | `TypeError: 'NoneType' object cannot be interpreted as an integer` |
| `10**12` | `OverflowError: timestamp too large to convert to C ...PyTime_t` |
"""

from django_q.tasks import async_task, result

from cookbook.harness.trial import call, cluster, complaint, observe, table

ANSWERS = {True: "A task is answered; the pusher asks the database without a pause"}


def send(seconds):
    """Send a task, and another one after it; return whether both had a result."""
    # The first may come before the pusher has found the queue empty.
    tasks = (async_task(abs, number) for number in (-1, -2))
    return all(result(task, wait=seconds * 1000) for task in tasks)


def answers(within, **changes):
    return observe(send, within, **changes)


def stops(within, **changes):
    """Return whether a cluster stops within these seconds of SIGTERM."""
    with cluster("SQLite", **changes) as running:
        call(running, send, 2)
        try:
            running.stop(within)
        except TimeoutError:
            running.kill()
        return running.process.returncode == 0


def edges():
    wrong = {
        f"`{text}`": f"`{complaint(poll=value)}`"
        for text, value in {"-1": -1, "None": None, "10**12": 10**12}.items()
    }
    return table({"`0`": ANSWERS[answers(within=60, poll=0)]} | wrong)
