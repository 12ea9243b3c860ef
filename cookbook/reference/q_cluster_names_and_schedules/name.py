"""name: the salt of the signature, so a cluster accepts only tasks of its own name.

A cluster runs with the name `shop`. Clients with other settings send a task each. What
happens to the task, and does `qinfo` of the client see the cluster?

>>> from cookbook.reference.q_cluster_names_and_schedules.name import edges
>>> print(edges())
| Value of the client | What happens to its task |
| --- | --- |
| `"shop"` | Runs; `qinfo` shows the cluster |
| `"film"` | Waits; `qinfo` does not show it |
| `"film"`, and `cluster_name` is `"shop"` | Is deleted; the log: `BadSignature` |
| `None` | `IntegrityError` at each task |
| `""` | The queue has an empty name |
"""

import re

from django.utils import timezone
from django_q.models import OrmQ
from django_q.status import Stat
from django_q.tasks import async_task, result

from cookbook.harness.trial import call, client, cluster, table, without_cluster

from .cluster_name import queue

SEEN = {True: "`qinfo` shows the cluster", False: "`qinfo` does not show it"}
EMPTY = {
    "IntegrityError": "`IntegrityError` at each task",
    "": "The queue has an empty name",
}


def send():
    """Send a task; return its id, and whether a cluster is seen."""
    return async_task(abs, -3), bool(Stat.get_all())


def look(task, visible):
    """Send one more task, wait until it has run, and return what became of `task`."""
    result(async_task(abs, 1), wait=60_000)
    if result(task):
        return "Runs", visible
    rows = OrmQ.objects.filter(lock__lte=timezone.now())
    return "Waits" if rows.delete()[0] else "Is deleted", visible


def fates(*clients):
    """Return what happens to the tasks of these clients, and the errors in the log."""
    with cluster("SQLite") as running:
        outcomes = [
            call(running, look, *call(client(running, **keys), send))
            for keys in clients
        ]
        return outcomes, re.findall(r"^django.core.signing.(\w+): ", running.log, re.M)


def edges():
    other = {"name": "film"}
    outcomes, [error] = fates({"name": "shop"}, other, other | {"cluster_name": "shop"})
    (same, visible), (waits, hidden), (deleted, _) = outcomes
    rows = {
        '`"shop"`': f"{same}; {SEEN[visible]}",
        '`"film"`': f"{waits}; {SEEN[hidden]}",
        '`"film"`, and `cluster_name` is `"shop"`': f"{deleted}; the log: `{error}`",
        "`None`": EMPTY[without_cluster(queue, name=None)],
        '`""`': EMPTY[without_cluster(queue, name="")],
    }
    return table(rows, ("Value of the client", "What happens to its task"))
