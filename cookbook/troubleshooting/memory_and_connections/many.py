"""The connections to Redis that fifty calls of `async_task` open.

Each call makes a broker of its own, unless it is given one:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.memory_and_connections.many import compare
>>> without_cluster(compare, orm=None, redis="redis://localhost:6379/0")
{'each call for itself': 50, 'one broker for all': 0}
"""

from django_q.brokers import get_broker
from django_q.tasks import async_task


def compare():
    """Return how many connections Redis accepts for fifty tasks, in both ways."""
    broker = get_broker()
    stats = broker.connection.info
    start = stats("stats")["total_connections_received"]
    for number in range(50):
        async_task("math.sqrt", number)
    middle = stats("stats")["total_connections_received"]
    for number in range(50):
        async_task("math.sqrt", number, broker=broker)
    end = stats("stats")["total_connections_received"]
    return {"each call for itself": middle - start, "one broker for all": end - middle}
