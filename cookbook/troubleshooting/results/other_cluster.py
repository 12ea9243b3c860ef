"""A result in the cache that another cluster has made.

The cluster serves the queue `long`, its client is of the queue `shop`:

>>> from cookbook.harness.trial import call, client, cluster
>>> from cookbook.troubleshooting.results.other_cluster import look
>>> with cluster("SQLite", cluster_name="long") as running:
...     call(client(running, cluster_name="shop"), look)
{'result(task, cached=True)': None, 'with the broker of the cluster': 7}
"""

from django_q.brokers import get_broker
from django_q.tasks import async_task, result, result_cached


def look():
    """Send a task to the other cluster, and look for its result in two ways."""
    task = async_task(abs, -7, cluster="long", cached=600)
    value = result_cached(task, wait=60_000, broker=get_broker("long"))
    return {
        "result(task, cached=True)": result(task, cached=True),
        "with the broker of the cluster": value,
    }
