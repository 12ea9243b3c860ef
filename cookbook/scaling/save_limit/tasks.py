"""Delete old results by a schedule.

Create the schedule once, in `python manage.py shell`. A second run changes nothing:

>>> from django_q.models import Schedule
>>> daily, is_new = Schedule.objects.update_or_create(
...     name="delete old results",
...     defaults={
...         "func": "cookbook.scaling.save_limit.tasks.delete_old_results",
...         "kwargs": "days=30",
...         "schedule_type": Schedule.DAILY,
...     },
... )

Each day a worker then deletes the successes that are older than thirty days. Try the
task:

>>> from cookbook.scaling.save_limit.tasks import delete_old_results
>>> from django_q.tasks import async_task, result
>>> result(async_task(delete_old_results, days=30), wait=30_000)
0
"""

from datetime import timedelta

from django.utils import timezone
from django_q.models import Success

BATCH = 10_000  # Rows in one statement, so that no other writer waits long.


def delete_old_results(days: float) -> int:
    """Delete results of successful tasks older than `days`; return their number.

    Raises ValueError for a negative age, which would delete results not yet read.
    """
    if days < 0:
        raise ValueError(f"days is {days}; it has to be 0 or more")
    old = Success.objects.filter(stopped__lt=timezone.now() - timedelta(days=days))
    total = 0
    while ids := list(old.values_list("pk", flat=True)[:BATCH]):
        total += Success.objects.filter(pk__in=ids).delete()[0]
    return total
