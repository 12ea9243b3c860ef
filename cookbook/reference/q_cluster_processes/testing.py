"""testing: two places in which Django-Q2 behaves otherwise for its own tests.

Is the queue of the ORM broker in the admin, where the broker is Redis?

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_processes.cpu_affinity import ALL, allowed
>>> from cookbook.reference.q_cluster_processes.testing import listed, queued
>>> without_cluster(listed, orm=None)
False
>>> without_cluster(listed, orm=None, testing=True)
True

Is a worker bound to the number of processors in `cpu_affinity`?

>>> allowed(cpu_affinity=1, testing=True) == [ALL, ALL]
True

Does a task still wait for a cluster?

>>> without_cluster(queued, testing=True)
1

At the edges, a value is true or false as Python sees it:

>>> [without_cluster(listed, orm=None, testing=key) for key in (0, None, "False")]
[False, False, True]

Who reads it:

>>> readers("testing")
['admin.py', 'cluster.py']
"""

from django.contrib import admin
from django_q.models import OrmQ
from django_q.tasks import async_task


def listed():
    admin.autodiscover()
    return admin.site.is_registered(OrmQ)


def queued():
    async_task(abs, -3)
    return OrmQ.objects.count()
