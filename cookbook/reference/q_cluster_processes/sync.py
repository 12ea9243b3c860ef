"""sync: whether async_task runs the task itself, at once, without a cluster.

No cluster runs here. A task is sent that succeeds, then one that fails:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_processes.sync import in_sentinel, send, value
>>> without_cluster(send, sync=False)
{'result': None, 'error': None, 'queued': 2, 'failures': 0}
>>> without_cluster(send, sync=True)
{'result': 3, 'error': 'TypeError', 'queued': 0, 'failures': 0}

It asks no broker, so none has to be there. This Redis is not:

>>> without_cluster(value, {}, sync=True, orm=None)
3

At the edges, a value is true or false as Python sees it:

>>> [without_cluster(value, {}, sync=key) for key in (0, None, "False")]
[None, None, 3]

One task can say the opposite of the key:

>>> without_cluster(value, {"sync": True}, sync=False)
3

A cluster runs here, and a schedule is due. Does its task run in the sentinel?

>>> in_sentinel(sync=False), in_sentinel(sync=True)
(False, True)

Who reads it:

>>> readers("sync")
['cluster.py', 'tasks.py', 'utils.py']
"""

import re

from django_q.models import Failure, OrmQ
from django_q.tasks import async_task, result, schedule

from cookbook.harness.trial import first_look


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
