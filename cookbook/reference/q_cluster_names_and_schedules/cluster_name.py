"""cluster_name: which queue a process sends to, and which one a cluster serves.

Where a task goes:

>>> without_cluster(queue), without_cluster(queue, cluster_name="mail")
('shop', 'mail')
>>> without_cluster(queue, cluster_name="mail", orm=None, redis={})
'django_q:mail:q'

Which schedules a cluster runs that are due:

>>> schedules(cluster_name="shop")
['for nobody']
>>> schedules(cluster_name="mail")
['for mail']

At the edges:

>>> without_cluster(send, cluster_name=None)
'IntegrityError'
>>> without_cluster(send, cluster_name="x" * 101, on="PostgreSQL")
'DataError'

Who reads it:

>>> readers("cluster_name")  # doctest: +NORMALIZE_WHITESPACE
['brokers/__init__.py', 'brokers/ironmq.py', 'brokers/orm.py',
 'brokers/redis_broker.py', 'pusher.py', 'scheduler.py']
"""

import re

from django_q.brokers import get_broker
from django_q.tasks import schedule

from cookbook.reference.q_cluster import readers  # noqa: F401  The session uses it.

from . import first_look, without_cluster  # noqa: F401  The session uses the second.
from .name import send  # noqa: F401  The session uses it.


def queue():
    return get_broker().list_key


def prepare():
    schedule("builtins.abs", -3, name="for nobody")
    schedule("builtins.abs", -3, name="for mail", cluster="mail")


def schedules(**changes):
    log = first_look(prepare, **changes)
    return re.findall(r"from schedule \[(.+)\]", log)
