"""broker_class: a broker of your own, by its dotted path.

Three tasks wait before the cluster starts; the order in which they are done:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_brokers import ask
>>> from cookbook.reference.q_cluster_brokers.broker_class import done, send
>>> done(broker_class="django_q.brokers.orm.ORM")
[1, 2, 3]
>>> done(broker_class=f"{__name__}.NewestFirst")
[3, 2, 1]

At the edges:

>>> ask(send, broker_class="NewestFirst")
'ValueError: not enough values to unpack (expected 2, got 1)'
>>> ask(send, broker_class="shop.brokers.NewestFirst")
"ModuleNotFoundError: No module named 'shop'"
>>> ask(send, broker_class="django_q.brokers.NewestFirst")
"AttributeError: module 'django_q.brokers' has no attribute 'NewestFirst'"

The base class accepts every task and keeps none:

>>> ask(send, broker_class="django_q.brokers.Broker", orm="default")
0

Who reads it:

>>> readers("broker_class")
['brokers/__init__.py']
"""

from django_q.brokers.orm import ORM
from django_q.models import OrmQ, Success
from django_q.tasks import async_task

from cookbook.harness.trial import beside, note, wait_until

from . import ask


class NewestFirst(ORM):
    """The ORM broker, with the newest task first."""

    @staticmethod
    def get_connection(list_key=None):
        return ORM.get_connection(list_key).order_by("-pk")


def send():
    """Send three tasks and return how many the database holds."""
    for number in (1, 2, 3):
        async_task(abs, -number)
    return OrmQ.objects.count()


def results():
    """Return the three results in the order in which they were ready."""
    ready = Success.objects.order_by("stopped")
    wait_until(lambda: ready.count() == 3, 60, lambda: "not all tasks ran")
    return [task.result for task in ready]


def work():
    """Send three tasks, then start a cluster; return the results."""
    send()
    return beside(results)


def done(**keys):
    """Let a cluster do three tasks that were sent before it started."""
    note("cluster")
    return ask(work, orm="default", **keys)
