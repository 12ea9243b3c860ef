"""Tasks that fail because of a setting, or are not retried.

A timeout that is not a whole number makes every task fail:

>>> from cookbook.harness.trial import observe
>>> from cookbook.troubleshooting.what_qdoctor_finds.failures import failure
>>> observe(failure, "builtins.abs", timeout=1.5)
"'float' object cannot be interpreted as an integer"

A failed task is delivered again unless it is acknowledged. A schedule whose function
does not exist becomes such a task:

>>> from cookbook.troubleshooting.what_qdoctor_finds.failures import (
...     attempts,
...     attempts_and_rest,
... )
>>> observe(attempts, 2, max_attempts=2, retry=2)
2
>>> observe(attempts_and_rest, max_attempts=2, retry=2, ack_failures=True)
(1, 0)
>>> observe(failure, "no.such.function")
'Function no.such.function is not defined'
"""

from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.tasks import async_task

from cookbook.harness.trial import wait_until


def failure(function):
    """Schedule this function, and return the error of its task."""
    Schedule.objects.create(func=function, args="-1", next_run=timezone.now())
    scheduler()
    rows = Failure.objects.filter(func=function)
    wait_until(rows.exists, 60, lambda: "no task has failed")
    return rows.get().result.split(" : ")[0]


def attempts(number):
    """Send a failing task, wait for this number of attempts, and return it."""
    async_task(abs, "no number")
    rows = Failure.objects.filter(attempt_count__gte=number)
    wait_until(rows.exists, 60, lambda: "too few attempts")
    return rows.get().attempt_count


def attempts_and_rest():
    """Return the attempts of a failing task, and the tasks left in the queue."""
    number = attempts(1)
    wait_until(lambda: not OrmQ.objects.exists(), 60, lambda: "tasks are left")
    return number, OrmQ.objects.count()
