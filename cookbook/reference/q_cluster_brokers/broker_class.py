"""broker_class: the dotted path of a broker of your own.

Three tasks wait before the cluster starts. In which order are they run?

>>> from cookbook.reference.q_cluster_brokers.broker_class import edges, run
>>> run(broker_class="django_q.brokers.orm.ORM")
[1, 2, 3]
>>> from cookbook.reference.q_cluster_brokers import newest_first
>>> run(broker_class=f"{newest_first.__name__}.NewestFirst")
[3, 2, 1]

At the edges:

>>> print(edges())
| Value | What happens |
| --- | --- |
| A name without a dot | `ValueError: not enough values to unpack (expected 2, got 1)` |
| No such module | `ModuleNotFoundError: No module named 'shop'` |
| No such class | `AttributeError: module 'django_q.brokers' has no attribute ...` |
| A class without `enqueue` | 0 of 3 tasks are queued, and no error |
"""

from django_q.models import OrmQ, Success
from django_q.tasks import async_task

from cookbook.harness.trial import beside, note, wait_until

from . import ask, code, short_table


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


def run(**keys):
    """Start a cluster for three tasks that were sent before; return their results."""
    note("cluster")
    return ask(work, orm="default", **keys)


def edges():
    base = ask(send, broker_class="django_q.brokers.Broker", orm="default")
    return short_table(
        {
            "A name without a dot": code(ask(send, broker_class="NewestFirst")),
            "No such module": code(ask(send, broker_class="shop.brokers.NewestFirst")),
            "No such class": code(
                ask(send, broker_class="django_q.brokers.NewestFirst")
            ),
            "A class without `enqueue`": f"{base} of 3 tasks are queued, and no error",
        }
    )
