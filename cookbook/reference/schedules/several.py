"""Four schedulers look at one due schedule at the same moment, twenty times.

Each stands for a cluster. How many tasks do they queue?

>>> from cookbook.reference.schedules.several import race
>>> race("PostgreSQL")
20
>>> race("SQLite")
20
"""

from datetime import timedelta
from threading import Barrier, Thread

from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler

from cookbook.harness.trial import without_cluster

ROUNDS, CLUSTERS = 20, 4


def look(together):
    together.wait()
    scheduler()
    connection.close()


def compete():
    """Let all schedulers look at once, and return the number of tasks."""
    for _ in range(ROUNDS):
        Schedule.objects.all().delete()
        due = timezone.now() - timedelta(minutes=1)
        Schedule.objects.create(
            func="builtins.abs", args="-1", next_run=due, schedule_type=Schedule.HOURLY
        )
        together = Barrier(CLUSTERS)
        threads = [Thread(target=look, args=[together]) for _ in range(CLUSTERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return OrmQ.objects.count()


def race(on):
    return without_cluster(compete, on=on)
