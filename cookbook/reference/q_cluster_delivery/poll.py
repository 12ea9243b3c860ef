"""poll: seconds that the pusher sleeps after it has found the queue empty.

A task is sent to an idle cluster. Does it have a result within a minute, or within two
seconds? And does a cluster stop within two seconds of SIGTERM?

>>> from cookbook.reference.q_cluster_delivery.poll import edges
>>> print(edges())
| Value | What happens |
| --- | --- |
| `0.2` | A task has a result |
| `600` | A task has no result in 2 seconds; the cluster does not stop in 2 seconds |
| `600` on Redis | A task has a result |
| `0` | A task has a result |
| `-1` | `ValueError: sleep length must be non-negative` |
| `None` | `TypeError: 'NoneType' object cannot be interpreted as an integer` |
| `10**12` | `OverflowError: timestamp too large to convert to C ...PyTime_t` |

With 600 seconds, PostgreSQL has no result within two seconds either:

>>> from cookbook.reference.q_cluster_delivery.poll import answers
>>> answers(within=2, poll=600, on="PostgreSQL")
False
"""

from django_q.tasks import async_task, result

from cookbook.harness.trial import call, cluster, complaint, observe, table

ANSWERS = {True: "A task has a result", False: "A task has no result in 2 seconds"}
STOPS = {False: "; the cluster does not stop in 2 seconds"}


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
    redis = {"orm": None, "redis": "redis://localhost:6379/0"}
    long = ANSWERS[answers(within=2, poll=600)]
    rows = {
        "`0.2`": ANSWERS[answers(within=60, poll=0.2)],
        "`600`": long + STOPS[stops(within=2, poll=600)],
        "`600` on Redis": ANSWERS[answers(within=60, poll=600, **redis)],
        "`0`": ANSWERS[answers(within=60, poll=0)],
    }
    wrong = {"-1": -1, "None": None, "10**12": 10**12}
    rows |= {f"`{text}`": f"`{complaint(poll=value)}`" for text, value in wrong.items()}
    return table(rows)
