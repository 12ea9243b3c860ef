"""Schedules of the news site."""

from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import schedule


def count_every_hour():
    """Schedule `count_all` every hour, starting now."""
    return schedule(
        "news.tasks.count_all",
        name="count all articles",
        schedule_type=Schedule.HOURLY,
        next_run=timezone.now(),
    )
