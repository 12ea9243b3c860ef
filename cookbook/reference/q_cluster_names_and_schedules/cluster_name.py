"""cluster_name: the queue that a process sends to, and that a cluster serves.

Where does a task go?

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster_names_and_schedules.cluster_name import (
...     edges, queue, schedules,
... )
>>> without_cluster(queue, cluster_name="mail")
'mail'

Two schedules are due: one names the cluster `mail`, one names no cluster. Which of them
does a cluster run whose `name` is `shop`?

>>> schedules(cluster_name="shop")
['for nobody']
>>> schedules(cluster_name="mail")
['for mail']

At the edges:

>>> print(edges())
| Value | What happens |
| --- | --- |
| `None` | `IntegrityError` at each task |
| 101 characters, on PostgreSQL | `DataError` at each task |
| `"mial"` instead of `"mail"` | Tasks wait in the queue `mial` |
"""

import re

from django.db import DatabaseError
from django_q.models import OrmQ
from django_q.tasks import async_task, schedule

from cookbook.harness.trial import first_look, table, without_cluster


def queue():
    """Send a task; return the name of its queue, or of the error."""
    try:
        async_task(abs, -3)
    except DatabaseError as error:
        return type(error).__name__
    return OrmQ.objects.get().key


def prepare():
    schedule("builtins.abs", -3, name="for nobody")
    schedule("builtins.abs", -3, name="for mail", cluster="mail")


def schedules(**changes):
    log = first_look(prepare, **changes)
    return re.findall(r"from schedule \[(.+)\]", log)


def edges():
    long = without_cluster(queue, cluster_name="x" * 101, on="PostgreSQL")
    typo = without_cluster(queue, cluster_name="mial")
    return table({
        "`None`": f"`{without_cluster(queue, cluster_name=None)}` at each task",
        "101 characters, on PostgreSQL": f"`{long}` at each task",
        '`"mial"` instead of `"mail"`': f"Tasks wait in the queue `{typo}`",
    })  # fmt: skip
