"""catch_up and cron: how often a schedule runs after a pause.

>>> from cookbook.reference.settings_that_conflict.schedules import after_a_pause
>>> after_a_pause(catch_up=True)
{'hourly, due 5.5 hours ago': 6, 'cron, due 5.5 hours ago': 1}
>>> after_a_pause(catch_up=False)
{'hourly, due 5.5 hours ago': 1, 'cron, due 5.5 hours ago': 1}
"""

from datetime import timedelta

from django.utils import timezone
from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.tasks import schedule

from cookbook.harness.trial import observe


def send():
    """Make two schedules overdue, let the scheduler look ten times, count the runs."""
    schedule("builtins.print", name="hourly", schedule_type=Schedule.HOURLY)
    schedule(
        "builtins.print", name="cron", schedule_type=Schedule.CRON, cron="0 * * * *"
    )
    # Saving a cron schedule sets its next run, so the pause is written afterwards.
    Schedule.objects.update(next_run=timezone.now() - timedelta(hours=5.5))
    tasks = {"hourly": set(), "cron": set()}
    for _ in range(10):
        scheduler()  # The sentinel does this every 30 seconds.
        for made in Schedule.objects.all():
            tasks[made.name].add(made.task)
    return {f"{name}, due 5.5 hours ago": len(made) for name, made in tasks.items()}


def after_a_pause(**changes):
    return observe(send, **changes)
