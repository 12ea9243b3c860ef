"""catch_up and cron: how often a schedule runs after a pause.

A schedule of each type was due 5.5 hours ago, and the scheduler looks ten times:

>>> from cookbook.reference.settings_that_conflict.schedules import edges
>>> print(edges())
| `catch_up` | Runs |
| --- | --- |
| `True`, hourly schedule | 6 |
| `True`, cron schedule of every hour | 1 |
| `False`, hourly schedule | 1 |
| `False`, cron schedule of every hour | 1 |
"""

from datetime import timedelta

from django.utils import timezone
from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.tasks import schedule

from cookbook.harness.trial import observe, table

TYPES = {"hourly": "hourly schedule", "cron": "cron schedule of every hour"}


def send():
    """Make two schedules overdue, let the scheduler look ten times, count the runs."""
    schedule("builtins.print", name="hourly", schedule_type=Schedule.HOURLY)
    schedule(
        "builtins.print", name="cron", schedule_type=Schedule.CRON, cron="0 * * * *"
    )
    # Saving a cron schedule sets its next run, so the pause is written afterwards.
    Schedule.objects.update(next_run=timezone.now() - timedelta(hours=5.5))
    tasks = {name: set() for name in TYPES}
    for _ in range(10):
        scheduler()  # The sentinel does this every 30 seconds.
        for row in Schedule.objects.all():
            tasks[row.name].add(row.task)
    return {name: len(ids) for name, ids in tasks.items()}


def edges():
    rows = {
        f"`{catch_up}`, {TYPES[name]}": count
        for catch_up in (True, False)
        for name, count in observe(send, catch_up=catch_up).items()
    }
    return table(rows, ("`catch_up`", "Runs"))
