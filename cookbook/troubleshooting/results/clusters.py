"""In which queue the tasks of async_iter and async_chain are.

>>> from cookbook.harness.trial import table, without_cluster
>>> from cookbook.troubleshooting.results.clusters import queues
>>> print(table(without_cluster(queues), ("Call", "Queue")))
| Call | Queue |
| --- | --- |
| `async_iter(abs, [-1], cluster="mail")` | shop |
| `async_iter(abs, [-1], broker=get_broker("mail"))` | mail |
| A link with `{"cluster": "mail"}` | shop |
| `async_chain(links, broker=get_broker("mail"))` | mail |
"""

from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.tasks import async_chain, async_iter


def queues():
    """Return the queue of each call; nothing fetches from it."""
    link = (abs, (-1,), {"cluster": "mail"})
    mail = get_broker("mail")
    calls = {
        '`async_iter(abs, [-1], cluster="mail")`':
            lambda: async_iter(abs, [-1], cluster="mail"),
        '`async_iter(abs, [-1], broker=get_broker("mail"))`':
            lambda: async_iter(abs, [-1], broker=mail),
        'A link with `{"cluster": "mail"}`': lambda: async_chain([link]),
        '`async_chain(links, broker=get_broker("mail"))`':
            lambda: async_chain([(abs, (-1,))], broker=mail),
    }  # fmt: skip
    return {name: queue(call) for name, call in calls.items()}


def queue(call):
    """Call it, and return the queue of its only task."""
    call()
    key = OrmQ.objects.get().key
    OrmQ.objects.all().delete()
    return key
