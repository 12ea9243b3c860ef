"""catch_up: whether a late schedule runs once for each time that it missed.

Three schedules, hourly, cron and once, are five and a half hours late. How many tasks
do they become?

>>> from cookbook.reference.q_cluster_names_and_schedules.catch_up import edges
>>> print(edges())
| Value | Tasks of each schedule |
| --- | --- |
| `True` | hourly: 6, cron: 1, once: 1 |
| `False` | hourly: 1, cron: 1, once: 1 |
| `0` | hourly: 1, cron: 1, once: 1 |
| `None` | hourly: 1, cron: 1, once: 1 |
| `"False"` | hourly: 6, cron: 1, once: 1 |
"""

from datetime import timedelta

from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.tasks import schedule

from cookbook.harness.trial import table, without_cluster


def catch_up():
    """Return how many tasks late schedules become when the sentinel looks ten times.

    This calls the function that the sentinel calls every 30 seconds.
    """
    new_year, tasks = "0 0 1 1 *", {}
    for name, kind in {"hourly": "H", "cron": "C", "once": "O"}.items():
        schedule("builtins.abs", -3, schedule_type=kind, cron=new_year)
        Schedule.objects.update(next_run=timezone.now() - timedelta(hours=5.5))
        for _ in range(10):
            scheduler()
        tasks[name] = OrmQ.objects.count()
        Schedule.objects.all().delete()
        OrmQ.objects.all().delete()
    return tasks


def edges():
    rows = {}
    for value in (True, False, 0, None, "False"):
        text = "`" + repr(value).replace("'", '"') + "`"
        tasks = without_cluster(catch_up, catch_up=value)
        rows[text] = ", ".join(f"{kind}: {count}" for kind, count in tasks.items())
    return table(rows, ("Value", "Tasks of each schedule"))
