"""ack_failures: whether a task that failed leaves the queue.

The task always fails; after three runs the count stops. The option of a task is
`ack_failure`, without an s:

>>> from cookbook.reference.q_cluster_delivery.ack_failures import edges
>>> print(edges())
| Value | What happens to a task that fails |
| --- | --- |
| `False` | Runs again and again |
| `True` | Runs once |
| `"False"` | Runs once: a text that is not empty is true |
| `False`, and the task has `ack_failure=True` | Runs once |
| `False` on Redis | Runs once |
"""

from cookbook.harness.trial import table

from . import runs

REDIS = {"orm": None, "redis": "redis://localhost:6379/0"}
RUNS = {1: "Runs once", 2: "Runs twice", 3: "Runs again and again"}


def edges():
    option = runs(ack_failures=False, options={"ack_failure": True})
    rows = {
        "`False`": RUNS[runs(ack_failures=False)],
        "`True`": RUNS[runs(ack_failures=True)],
        '`"False"`': RUNS[runs(ack_failures="False")]
        + ": a text that is not empty is true",
        "`False`, and the task has `ack_failure=True`": RUNS[option],
        "`False` on Redis": RUNS[runs(looks=120, **REDIS)],
    }
    return table(rows, ("Value", "What happens to a task that fails"))
