"""testing: a switch for the tests of Django-Q2 itself.

Is the queue of the ORM broker in the admin, where the broker is Redis?

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster_processes.cpu_affinity import ALL, allowed
>>> from cookbook.reference.q_cluster_processes.testing import edges, enqueue
>>> print(edges())
| Value, and the broker is Redis | What happens |
| --- | --- |
| `False` | *Queued tasks* is not in the admin |
| `True` | *Queued tasks* is in the admin |
| `0` | *Queued tasks* is not in the admin |
| `None` | *Queued tasks* is not in the admin |
| `"False"` | *Queued tasks* is in the admin |

`cpu_affinity` is not applied:

>>> allowed(cpu_affinity=1, testing=True) == [ALL, ALL]
True

A task still waits for a cluster:

>>> without_cluster(enqueue, testing=True)
1
"""

from django.contrib import admin
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import table, without_cluster


def is_listed():
    admin.autodiscover()
    return admin.site.is_registered(OrmQ)


def enqueue():
    async_task(abs, -3)
    return OrmQ.objects.count()


SHOWN = {
    True: "*Queued tasks* is in the admin",
    False: "*Queued tasks* is not in the admin",
}


def edges():
    rows = {}
    for value in (False, True, 0, None, "False"):
        text = "`" + repr(value).replace("'", '"') + "`"
        rows[text] = SHOWN[without_cluster(is_listed, orm=None, testing=value)]
    return table(rows, ("Value, and the broker is Redis", "What happens"))
