"""name: whose tasks a cluster accepts, because it is the salt of their signature.

A cluster runs with the name `shop`. Each of these clients sends a task. What happens
to the task, and does the client see the cluster in `qinfo`? Last, what error the
cluster logs:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_names_and_schedules.cluster_name import queue
>>> from cookbook.reference.q_cluster_names_and_schedules.name import fates
>>> same, other = {"name": "shop"}, {"name": "film"}
>>> fates(same, other, other | {"cluster_name": "shop"})
[('runs', True), ('waits', False), ('is deleted', False), 'BadSignature']

At the edges, the queue of a task where no `cluster_name` is given:

>>> without_cluster(queue, name=None), without_cluster(queue, name="")
('IntegrityError', '')

Who reads it:

>>> readers("name")
['monitor_terminal.py', 'scheduler.py', 'signing.py']
"""

import re

from django.utils import timezone
from django_q.models import OrmQ
from django_q.status import Stat
from django_q.tasks import async_task, result

from cookbook.harness.trial import call, client, cluster


def send():
    """Send a task; return its id, and whether a cluster is to be seen."""
    return async_task(abs, -3), bool(Stat.get_all())


def look(task, seen):
    """Send one more task, wait until it has run, and return what became of `task`."""
    result(async_task(abs, 1), wait=60_000)
    if result(task):
        return "runs", seen
    left = OrmQ.objects.filter(lock__lte=timezone.now())
    return "waits" if left.delete()[0] else "is deleted", seen


def fates(*clients):
    with cluster("SQLite") as running:
        found = [
            call(running, look, *call(client(running, **keys), send))
            for keys in clients
        ]
        return found + re.findall(r"^django.core.signing.(\w+): ", running.log, re.M)
