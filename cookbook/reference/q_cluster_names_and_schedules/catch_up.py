"""catch_up: whether a schedule that is late runs once for each time that it missed.

How many tasks schedules become that are five and a half hours late:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_names_and_schedules.catch_up import missed
>>> without_cluster(missed, catch_up=True)
{'hourly': 6, 'cron': 1, 'once': 1}
>>> without_cluster(missed, catch_up=False)
{'hourly': 1, 'cron': 1, 'once': 1}

At the edges, a value is true or false as Python sees it:

>>> [without_cluster(missed, catch_up=key)["hourly"] for key in (0, None, "False")]
[1, 1, 6]

Who reads it:

>>> readers("catch_up")
['scheduler.py']
"""

from datetime import timedelta

from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.tasks import schedule


def missed():
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
