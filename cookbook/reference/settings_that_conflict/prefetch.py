"""retry, timeout and what a cluster takes ahead: when a task runs twice for nothing.

Four tasks hang until their timeout of 1 second ends them. There is one worker:

>>> from cookbook.reference.q_cluster_delivery.retry import safe_retry
>>> from cookbook.reference.settings_that_conflict.prefetch import twice
>>> twice(4, retry=2, queue_limit=2)
True
>>> safe_retry(timeout=1, workers=1, queue_limit=2)
4
>>> twice(4, retry=4 + 10, queue_limit=2)
False

The same with a bulk of 2, and with two workers; now five tasks are taken at once:

>>> twice(5, retry=2, queue_limit=2, bulk=2)
True
>>> safe_retry(timeout=1, workers=1, queue_limit=2, bulk=2)
5
>>> twice(5, retry=5 + 10, queue_limit=2, bulk=2)
False
>>> safe_retry(timeout=1, workers=2, queue_limit=2)
3
>>> twice(5, retry=3 + 10, queue_limit=2, workers=2)
False

What other values ask for, in seconds:

>>> safe_retry(timeout=60, workers=4, queue_limit=16)
360
>>> safe_retry(timeout=60, workers=4, queue_limit=4)
180
>>> safe_retry(timeout=60, workers=4, queue_limit=16, bulk=100)
1800
"""

from time import sleep

from django.db import transaction
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import observe, wait_until, write, written


def hang(number):
    write(number)
    sleep(600)


def send(tasks):
    """Send so many tasks; return whether one of them runs more than once."""
    with transaction.atomic():
        for number in range(tasks):
            async_task(hang, number, ack_failure=True)
    empty = []

    def over():
        empty.append(not OrmQ.objects.exists())
        # What was taken twice still runs when the queue has been empty for a while.
        return len(written()) > tasks or empty[-150:] == [True] * 150

    wait_until(over, 60, lambda: f"no end: {written()}")
    return len(written()) > tasks


def twice(tasks, **changes):
    return observe(send, tasks, **changes)
