"""What the worker of Celery knows: the functions of MOVE_TO_CELERY, and schedules."""

from django.conf import settings

from .celery import app
from .queues import task
from .schedules import fire_due

app.task(name="fire_due_schedules")(fire_due)
for path in getattr(settings, "MOVE_TO_CELERY", {}):
    task(path)
