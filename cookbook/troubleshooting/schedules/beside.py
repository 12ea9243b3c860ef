"""Bad schedules, and the good one that they stop.

The number of tasks that one run of the scheduler makes for a good schedule:

>>> from cookbook.harness.trial import table, without_cluster
>>> from cookbook.troubleshooting.schedules.beside import count_tasks
>>> print(table(without_cluster(count_tasks), ("A good schedule", "Tasks")))
| A good schedule | Tasks |
| --- | --- |
| alone | 1 |
| beside one whose args do not parse | 0 |
| beside one of the type Cron, without croniter | 0 |
| for a cluster that does not run | 0 |
"""

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler

CRON = {"schedule_type": Schedule.CRON, "cron": "0 8 * * 1"}
BESIDE = {
    "alone": {},
    "beside one whose args do not parse": {"args": "name"},
    "beside one of the type Cron, without croniter": CRON,
}


def count_tasks():
    """Return how many tasks the scheduler makes for a good schedule in each case."""
    numbers = {}
    with patch("django_q.models.croniter", None):  # As if it was not installed.
        for name, fields in BESIDE.items():
            numbers[name] = tasks([fields, {}] if fields else [{}])
    numbers["for a cluster that does not run"] = tasks([{"cluster": "reports"}])
    return numbers


def tasks(schedules):
    """Return how many tasks the scheduler makes for these schedules, all due."""
    OrmQ.objects.all().delete()
    Schedule.objects.all().delete()
    due = timezone.now() - timedelta(minutes=5)
    for fields in schedules:
        values = {"func": "math.sqrt", "args": "2", "next_run": due} | fields
        Schedule.objects.bulk_create([Schedule(**values)])
    scheduler()
    return OrmQ.objects.count()
