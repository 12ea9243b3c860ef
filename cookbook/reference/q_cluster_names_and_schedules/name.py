"""name: whose tasks a cluster accepts, because it is the salt of their signature.

A cluster runs with the name `shop`. What happens to a task that is sent with these:

>>> fates({"name": "shop"}, {"name": "film"}, {"name": "film", "cluster_name": "shop"})
['runs', 'waits', 'is deleted']

Which of them sees the cluster in `qinfo`:

>>> sees({"name": "shop"}, {"name": "film"}, {"name": "shop", "cluster_name": "mail"})
[True, False, True]

At the edges:

>>> without_cluster(send, name=None)
'IntegrityError'
>>> without_cluster(send, name="x" * 101, on="PostgreSQL")
'DataError'

Who reads it:

>>> readers("name")
['monitor_terminal.py', 'scheduler.py', 'signing.py']
"""

from django.db import DatabaseError
from django.utils import timezone
from django_q.models import OrmQ
from django_q.status import Stat
from django_q.tasks import async_task, result

from cookbook.reference.q_cluster import (
    call,
    cluster,
    readers,  # noqa: F401  The session uses it.
)

from . import client, without_cluster  # noqa: F401  The session uses the second.


def send():
    """Send a task; return its id, or the name of the error."""
    try:
        return async_task(abs, -3)
    except DatabaseError as error:
        return type(error).__name__


def look(task):
    """Send one more task, wait until it has run, and return what became of `task`."""
    result(async_task(abs, 1), wait=60_000)
    if result(task):
        return "runs"
    left = OrmQ.objects.filter(lock__lte=timezone.now())
    return "waits" if left.delete()[0] else "is deleted"


def fates(*clients):
    with cluster("SQLite") as running:
        return [
            call(running, look, call(client(running, **keys), send)) for keys in clients
        ]


def visible():
    return bool(Stat.get_all())


def sees(*clients):
    with cluster("SQLite") as running:
        return [call(client(running, **keys), visible) for keys in clients]
