"""Delete the results that no rule keeps, a few at a time.

Create the schedule once, in `python manage.py shell`. A second run changes nothing:

>>> from django_q.models import Schedule
>>> hourly, is_new = Schedule.objects.update_or_create(
...     name="delete expired results",
...     defaults={
...         "func": "cookbook.recipes.keep_results.tasks.delete_expired",
...         "kwargs": "seconds=30",
...         "schedule_type": Schedule.HOURLY,
...     },
... )

Each hour a worker then deletes for at most thirty seconds. Try the task:

>>> from cookbook.recipes.keep_results.tasks import delete_expired
>>> from django_q.tasks import async_task, result
>>> result(async_task(delete_expired, seconds=30), wait=60_000)
{'deleted': 0, 'complete': True}
"""

import math
from time import monotonic, sleep

from django.db import router, transaction
from django.utils import timezone
from django_q.models import Task

from .rules import expired

BATCH = 2000  # Rows that one statement reads, and at most deletes.


def delete_expired(seconds: float = math.inf) -> dict[str, object]:
    """Delete expired results for at most about `seconds`.

    Returns how many, and whether it has looked at every row. Each statement is a
    transaction of its own; inside another one it raises RuntimeError.
    """
    using = router.db_for_write(Task)
    rows = Task.objects.using(using).order_by("pk")
    old, end, last, total = expired(timezone.now()), monotonic() + seconds, "", 0
    while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        begin = monotonic()
        if begin >= end:
            return {"deleted": total, "complete": False}
        batch = rows.filter(old, pk__gt=last, pk__lte=ids[-1])
        with transaction.atomic(using, durable=True):
            total += batch.delete()[0]
        last = ids[-1]
        sleep(monotonic() - begin)  # Half of the time is for other writers.
    return {"deleted": total, "complete": True}
