"""sync: whether async_task runs the task itself, before it returns.

No cluster runs. A task is sent that succeeds with 3, then one that fails:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster_processes.sync import edges, in_sentinel, send
>>> without_cluster(send, sync=False)
{'result': None, 'error': None, 'queued': 2, 'failures': 0}
>>> without_cluster(send, sync=True)
{'result': 3, 'error': 'TypeError', 'queued': 0, 'failures': 0}

At the edges:

>>> print(edges())
| Value | What happens |
| --- | --- |
| `0` | The task is queued |
| `None` | The task is queued |
| `"False"` | The task runs at once |
| `True`, and the broker is not there | The task runs at once |
| `False`, and the task has `sync=True` | The task runs at once |

A cluster runs, and a schedule is due. Does its task run in the sentinel?

>>> in_sentinel(sync=False), in_sentinel(sync=True)
(False, True)
"""

import re

from django_q.models import Failure, OrmQ
from django_q.tasks import async_task, result, schedule

from cookbook.harness.trial import first_look, table, without_cluster


def send():
    """Send a task that succeeds and one that fails; return what can be seen."""
    good, error = async_task(abs, -3), None
    try:
        async_task(abs, "no number")
    except TypeError as raised:
        error = type(raised).__name__
    return {
        "result": result(good),
        "error": error,
        "queued": OrmQ.objects.count(),
        "failures": Failure.objects.count(),
    }


def value(options):
    """Send a task with these options and return its result."""
    return result(async_task(abs, -3, **options))


def prepare():
    schedule("builtins.abs", -3)


def in_sentinel(**changes):
    log = first_look(prepare, **changes)
    sentinel = re.search(r"(\S+) guarding ", log)[1]
    return f" {sentinel} processing " in log


RUNS = {3: "The task runs at once", None: "The task is queued"}


def runs(key, options=(), **changes):
    return RUNS[without_cluster(value, dict(options), sync=key, **changes)]


def edges():
    return table({
        "`0`": runs(0),
        "`None`": runs(None),
        '`"False"`': runs("False"),
        "`True`, and the broker is not there": runs(True, orm=None),
        "`False`, and the task has `sync=True`": runs(False, {"sync": True}),
    })  # fmt: skip
