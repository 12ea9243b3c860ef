"""catch_up: whether a schedule that is late runs once for each time that it missed.

How many tasks an hourly schedule becomes that is five and a half hours late:

>>> without_cluster(missed, "H", catch_up=True)
6
>>> without_cluster(missed, "H", catch_up=False)
1

A cron schedule never catches up, and one that runs once has nothing to catch up:

>>> without_cluster(missed, "C", catch_up=True), without_cluster(missed, "O")
(1, 1)

At the edges:

>>> without_cluster(missed, "H", catch_up=None)
1

Who reads it:

>>> readers("catch_up")
['scheduler.py']
"""

from datetime import timedelta

from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.tasks import schedule

from cookbook.reference.q_cluster import readers  # noqa: F401  The session uses it.

from . import without_cluster  # noqa: F401  The session uses it.


def missed(kind):
    """Return how many tasks a late schedule becomes when the sentinel looks ten times.

    This calls the function that the sentinel calls every 30 seconds.
    """
    schedule("builtins.abs", -3, schedule_type=kind, cron="0 0 1 1 *")
    Schedule.objects.update(next_run=timezone.now() - timedelta(hours=5.5))
    for _ in range(10):
        scheduler()
    return OrmQ.objects.count()
