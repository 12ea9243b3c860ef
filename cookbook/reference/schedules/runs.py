"""How often a schedule runs, when it is due, and which cluster looks at it.

>>> from cookbook.reference.schedules.runs import edges
>>> print(edges())
| Schedule | Tasks at the first five looks | Its row then |
| --- | --- | --- |
| Once | 1, 0, 0, 0, 0 | deleted |
| Once, `repeats=3` | 1, 0, 0, 0, 0 | `repeats` is 0 |
| Hourly, half an hour late | 1, 0, 0, 0, 0 | `repeats` is -1 |
| Hourly, 3.5 hours late | 1, 1, 1, 1, 0 | `repeats` is -1 |
| Hourly, 3.5 hours late, `repeats=2` | 1, 1, 0, 0, 0 | `repeats` is 0 |
| Hourly, `repeats=0` | 0, 0, 0, 0, 0 | `repeats` is 0 |
| Hourly, half an hour late, `repeats=-5` | 1, 0, 0, 0, 0 | `repeats` is -1 |
| `next_run` in an hour | 0, 0, 0, 0, 0 | `repeats` is -1 |
| `next_run=None` | 0, 0, 0, 0, 0 | `repeats` is -1 |
| `cluster="mail"`, another cluster | 0, 0, 0, 0, 0 | `repeats` is -1 |
| `cluster="shop"`, this cluster | 1, 0, 0, 0, 0 | `repeats` is -1 |
"""

from datetime import timedelta

from django.utils import timezone
from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.signals import pre_enqueue

from cookbook.harness.trial import table


def look():
    """Let the scheduler look once, and return the number of tasks that it queued."""
    queued = []

    def count(task, **_):
        queued.append(task)

    pre_enqueue.connect(count)
    scheduler()
    pre_enqueue.disconnect(count)
    return len(queued)


def describe(late=1, schedule_type="H", **fields):
    """Store a schedule that is some hours late, and let the scheduler look at it."""
    fields = {"next_run": timezone.now() - timedelta(hours=late)} | fields
    Schedule.objects.all().delete()
    Schedule.objects.create(
        func="builtins.abs", args="-1", schedule_type=schedule_type, **fields
    )
    looks = ", ".join(str(look()) for _ in range(5))
    rows = [f"`repeats` is {job.repeats}" for job in Schedule.objects.all()]
    return f"{looks} | {rows[0] if rows else 'deleted'}"


def edges():
    soon = timezone.now() + timedelta(hours=1)
    rows = {
        "Once": describe(schedule_type="O"),
        "Once, `repeats=3`": describe(schedule_type="O", repeats=3),
        "Hourly, half an hour late": describe(0.5),
        "Hourly, 3.5 hours late": describe(3.5),
        "Hourly, 3.5 hours late, `repeats=2`": describe(3.5, repeats=2),
        "Hourly, `repeats=0`": describe(repeats=0),
        "Hourly, half an hour late, `repeats=-5`": describe(0.5, repeats=-5),
        "`next_run` in an hour": describe(next_run=soon),
        "`next_run=None`": describe(next_run=None),
        '`cluster="mail"`, another cluster': describe(cluster="mail"),
        '`cluster="shop"`, this cluster': describe(0.5, cluster="shop"),
    }
    heads = ("Schedule", "Tasks at the first five looks | Its row then")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")
