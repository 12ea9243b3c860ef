"""A task runs twice although retry is larger than timeout, and no result shows it.

Eight tasks of 0.3 seconds, a `timeout` of 1 second and a `retry` of 1.5. Ten tasks may
wait in the memory of the cluster, where their `retry` runs out:

>>> from cookbook.evidence.sqlite_in_production.redelivery import visit
>>> from cookbook.harness.trial import observe
>>> runs, results, attempts = observe(visit, 8, retry=1.5, queue_limit=10)
>>> runs > 8
True

In the table of results nothing shows it. There is one for each task, and each counts
one attempt:

>>> results, attempts
(8, [1])

With one place to wait each task runs once:

>>> observe(visit, 8, retry=1.5, queue_limit=1)
(8, 8, [1])
"""

from time import sleep

from django_q.models import Success
from django_q.tasks import async_task, fetch, result

from cookbook.harness.trial import stop, write, written


def knock(visitor):
    write(visitor)
    sleep(0.3)


def visit(visitors):
    """Return how often the tasks ran, their results, and the attempts of these."""
    tasks = [async_task(knock, visitor) for visitor in range(visitors)]
    for task in tasks:
        fetch(task, wait=30_000)
    result(async_task("math.sqrt", 4), wait=30_000)  # Behind every second delivery.
    stop()
    knocks = Success.objects.filter(func__endswith="knock")
    attempts = set(knocks.values_list("attempt_count", flat=True))
    return len(written()), knocks.count(), sorted(attempts)
