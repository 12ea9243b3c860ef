"""Where a task goes without a broker, with two, and with a database that is not there.

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.crashes.brokers import address, send
>>> without_cluster(address, orm=None)
'localhost:6379'
>>> without_cluster(send, orm="default", redis={"port": 1})
'1 task in the database'
>>> without_cluster(send, orm="queue")
"ConnectionDoesNotExist: The connection 'queue' doesn't exist."

With the name of one database it is there:

>>> without_cluster(send, orm="default")
'1 task in the database'
"""

from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.tasks import async_task


def address():
    """Return the address of the broker that Django-Q2 chose, without connecting."""
    place = get_broker().connection.connection_pool.connection_kwargs
    return f"{place.get('host', 'localhost')}:{place.get('port', 6379)}"


def send():
    """Send a task; return where it is, or the error."""
    try:
        async_task(abs, -1)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return f"{OrmQ.objects.count()} task in the database"
