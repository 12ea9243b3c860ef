"""A cluster is killed with two tasks: what does the broker deliver to the next one?

The tasks stay in the queue, locked until `retry` has passed. When no cluster runs, you
can end the locks:

>>> from cookbook.harness.trial import call, cluster
>>> from cookbook.troubleshooting.nothing_runs.locks import deliver, send, unlock
>>> with cluster("SQLite", timeout=None, retry=600) as running:
...     call(running, send)
...     running.kill()
...     print(call(running, deliver), call(running, unlock), call(running, deliver))
0 2 1
"""

from time import sleep

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import wait_until


def send():
    """Send two tasks that hang, and wait until the cluster has fetched both."""
    for _ in range(2):
        async_task(sleep, 600)
    waiting = OrmQ.objects.filter(lock__lt=timezone.now())
    wait_until(lambda: not waiting.exists(), 60, lambda: "they were not fetched")


def deliver():
    """Return how many tasks the broker delivers now."""
    return len(get_broker().dequeue() or [])


def unlock():
    """End the lock of each task; return how many tasks that are."""
    return OrmQ.objects.update(lock=timezone.now())
