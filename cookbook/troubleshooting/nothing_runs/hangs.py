"""Tasks that wait behind one that hangs, or for a cluster that is gone.

Without a timeout a task that hangs keeps its worker, and the next one waits. The
cache of this cluster is not in CACHES, so no command shows the cluster:

>>> from cookbook.harness.trial import call, cluster, observe
>>> from cookbook.troubleshooting.what_qdoctor_finds.hangs import (
...     after_a_kill,
...     behind_a_hang,
...     count_clusters,
... )
>>> with cluster("SQLite", timeout=None, retry=600, cache="nowhere") as running:
...     print(call(running, behind_a_hang), call(running, count_clusters))
...     running.kill()
...     call(running, after_a_kill)
None 0
{'tasks in the queue': 2, 'tasks delivered': None}

With a timeout the next task runs:

>>> observe(behind_a_hang, 60, timeout=3)
7
"""

from time import sleep

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.status import Stat
from django_q.tasks import async_task, result

from cookbook.harness.trial import wait_until


def behind_a_hang(seconds=3):
    """Send a task that hangs and one that does not; return the second one's result."""
    async_task(sleep, 600)
    second = async_task(abs, -7)
    waiting = OrmQ.objects.filter(lock__lt=timezone.now())
    wait_until(lambda: not waiting.exists(), 60, lambda: "no task was fetched")
    return result(second, wait=seconds * 1000)


def count_clusters():
    return len(Stat.get_all())


def after_a_kill():
    """Return the number of tasks in the queue, and what the broker delivers."""
    return {
        "tasks in the queue": OrmQ.objects.count(),
        "tasks delivered": get_broker().dequeue(),
    }
