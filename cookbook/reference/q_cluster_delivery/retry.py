"""retry: after how many seconds a task without acknowledgement is handed out again.

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_delivery.retry import repeats, safe_retry
>>> repeats(retry=60)
False
>>> repeats(retry=1.1), repeats(retry=1.1, on="PostgreSQL")
(True, True)

How long the last task that a cluster takes may need, whatever happens:

>>> safe_retry(timeout=30, workers=4, queue_limit=16)
180
>>> safe_retry(timeout=30, workers=4, queue_limit=1)
60

At the edges:

>>> repeats(naps=1, queue_limit=1, retry=0)
True
>>> repeats(naps=1, queue_limit=1, retry=-60)
True
>>> complaint(retry=None)
"TypeError: '>' not supported between instances of 'int' and 'NoneType'"
>>> complaint(retry=10**12)
'OverflowError: date value out of range'

Who reads it, and another broker:

>>> readers("retry")
['brokers/aws_sqs.py', 'brokers/ironmq.py', 'brokers/mongo.py', 'brokers/orm.py']
>>> repeats(retry=1.1, orm=None, redis="redis://localhost:6379/0")
False
"""

from math import ceil
from time import sleep

from django.db import transaction
from django_q.tasks import async_task

from cookbook.harness.trial import observe, stop, wait_until, write, written


def nap(number):
    sleep(0.4)
    write(number)


def send(naps):
    """Send so many naps; return whether the last one has run more than once."""
    with transaction.atomic():
        for number in range(naps):
            async_task(nap, number)
    last = str(naps - 1)
    wait_until(lambda: last in written(), 60, lambda: f"only {written()} ran")
    stop()  # First the cluster finishes every task that it has taken.
    return written().count(last) > 1


def repeats(naps=4, **changes):
    """Return whether one worker runs the last of so many naps more than once."""
    return observe(send, naps, **{"queue_limit": 10} | changes)


def safe_retry(timeout, workers, queue_limit, bulk=1):
    """Return after how many seconds every task that a cluster took has ended.

    The last one waits until the workers have done those before it, round by round.
    """
    return timeout * (1 + ceil((queue_limit + bulk) / workers))
