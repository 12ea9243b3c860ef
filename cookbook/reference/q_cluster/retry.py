"""retry: after how many seconds a task without acknowledgement is handed out again.

>>> repeats(retry=60)
False
>>> repeats(retry=1.5), repeats(retry=1.5, on="PostgreSQL")
(True, True)

How long the last task that a cluster takes may need, whatever happens:

>>> safe_retry(timeout=30, workers=4, queue_limit=16)
180
>>> safe_retry(timeout=30, workers=4, queue_limit=1)
60

At the edges:

>>> repeats(naps=1, retry=0.1, queue_limit=1)
True
>>> repeats(naps=1, retry=0, queue_limit=1)
True
>>> repeats(naps=1, retry=-60, queue_limit=1)
True
>>> complaint(retry=None)
"TypeError: '>' not supported between instances of 'int' and 'NoneType'"
>>> complaint(retry=10**12)
'OverflowError: date value out of range'

Who reads it, and another broker:

>>> readers("retry")
['brokers/aws_sqs.py', 'brokers/ironmq.py', 'brokers/mongo.py', 'brokers/orm.py']
>>> repeats(retry=1.5, orm=None, redis="redis://localhost:6379/0")
False
"""

from math import ceil
from time import sleep

from django.db import transaction
from django_q.tasks import async_task, result

from . import call, cluster, complaint, readers  # noqa: F401  The session uses them.


def nap():
    sleep(0.4)
    return "rested"


def send(naps):
    """Send so many naps at once and wait until the last one has ended."""
    with transaction.atomic():
        tasks = [async_task(nap, task_name=f"nap-{n}") for n in range(1, naps + 1)]
    result(tasks[-1], wait=60_000)


def repeats(naps=8, on="SQLite", **changes):
    """Return whether one worker runs the last of so many naps more than once."""
    with cluster(on, **{"queue_limit": 10} | changes) as running:
        call(running, send, naps)
        running.stop()  # First it finishes every task that it has taken.
        return running.log.count(f" processing nap-{naps} ") > 1


def safe_retry(timeout, workers, queue_limit, bulk=1):
    """Return after how many seconds every task that a cluster took has ended.

    The last one waits until the workers have done those before it, round by round.
    """
    return timeout * (1 + ceil((queue_limit + bulk) / workers))
