"""cluster_name: which queue a process sends to, and which one a cluster serves.

Where a task goes:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_names_and_schedules.cluster_name import (
...     queue, schedules,
... )
>>> without_cluster(queue, cluster_name="shop")
'shop'
>>> without_cluster(queue, cluster_name="mail")
'mail'

Which schedules a cluster runs that are due:

>>> schedules(cluster_name="shop")
['for nobody']
>>> schedules(cluster_name="mail")
['for mail']

At the edges:

>>> without_cluster(queue, cluster_name=None)
'IntegrityError'
>>> without_cluster(queue, cluster_name="x" * 101, on="PostgreSQL")
'DataError'

Who reads it:

>>> readers("cluster_name")  # doctest: +NORMALIZE_WHITESPACE
['brokers/__init__.py', 'brokers/ironmq.py', 'brokers/orm.py',
 'brokers/redis_broker.py', 'pusher.py', 'scheduler.py']
"""

import re

from django.db import DatabaseError
from django_q.models import OrmQ
from django_q.tasks import async_task, schedule

from cookbook.harness.trial import first_look


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
