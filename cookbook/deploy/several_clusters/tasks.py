"""What one order needs, in three queues.

Only the cluster of the default queue runs here, so the other two tasks wait:

>>> from cookbook.deploy.several_clusters.queues import waiting
>>> from cookbook.deploy.several_clusters.tasks import place_order
>>> from django_q.tasks import result
>>> task = place_order(7)
>>> result(task, wait=60_000)
'order 7 is archived'
>>> waiting()
{'high': 1, 'long': 1}
"""

from django_q.tasks import async_task


def place_order(number: int) -> str:
    """Send the tasks of an order; return the id of the one in the default queue."""
    async_task(send_receipt, number, cluster="high")
    async_task(write_report, number, cluster="long")
    return async_task(archive, number)


def send_receipt(number: int) -> str:
    return f"receipt {number} is sent"


def write_report(number: int) -> str:
    return f"report {number} is written"


def archive(number: int) -> str:
    return f"order {number} is archived"
