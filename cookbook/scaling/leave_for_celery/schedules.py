"""Schedules in the move: the field `cluster` of a row says who fires it.

No cluster of Django-Q2 may have the name OWNER. A row is locked while it is fired or
moved, so exactly one queue fires each of its runs.

When Celery has fired a row for some days, write it into the settings, and
delete the row:

>>> from cookbook.scaling.leave_for_celery.schedules import beat_entry
>>> from django_q.models import Schedule
>>> row = Schedule(
...     name="clear sessions",
...     func="django.core.management.call_command",
...     args="'clearsessions'",
...     schedule_type=Schedule.CRON,
...     cron="30 4 * * *",
... )
>>> print(beat_entry(row))
'clear sessions': {"task": "django.core.management.call_command",
    "schedule": crontab.from_string("30 4 * * *"), "args": ('clearsessions',),
    "kwargs": {}},
"""

import ast
import logging
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule

from .queues import task

OWNER = "celery"
logger = logging.getLogger(__name__)


def move(pk: int, cluster: str | None = OWNER) -> None:
    """Let Celery fire a row from its next run on. `cluster=None` takes it back.

    Raises ValueError for a row that only Django-Q2 can fire.
    """
    with transaction.atomic():
        row = Schedule.objects.select_for_update().get(pk=pk)
        if cluster == OWNER:
            if row.func not in settings.MOVE_TO_CELERY:
                raise ValueError(f"{row.func} is not in MOVE_TO_CELERY")
            if row.hook or "q_options" in arguments(row)[1]:
                raise ValueError(f"{row} has a hook or q_options; Celery has neither")
        row.cluster = cluster
        row.save()


def fire_due() -> int:
    """Send what is due to Celery, and return how many. Beat calls it."""
    due = Schedule.objects.filter(cluster=OWNER, next_run__lt=timezone.now())
    return sum(fire(pk) for pk in due.exclude(repeats=0).values_list("pk", flat=True))


def fire(pk: int) -> bool:
    """Send one run of a row, and move the row to its next run."""
    due = Schedule.objects.filter(cluster=OWNER, next_run__lt=timezone.now())
    try:
        with transaction.atomic():
            row = due.exclude(repeats=0).select_for_update().filter(pk=pk).first()
            if not row:  # Another one was faster.
                return False
            args, kwargs = arguments(row)
            if row.schedule_type == row.ONCE:
                row.delete()  # As Django-Q2 does.
            else:
                row.next_run = row.calculate_next_run()
                row.repeats -= row.repeats > 0
                row.save()
            # Before the commit: if Redis is away, the run is still due.
            task(row.func).apply_async(args, kwargs)
    except Exception:  # The other rows go on.
        logger.exception("schedule %s was not sent to Celery", pk)
        return False
    return True


def arguments(row: Schedule) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Read the arguments of a row as the scheduler of Django-Q2 does."""
    args = ast.literal_eval(row.args or "()")
    try:
        kwargs = ast.literal_eval(row.kwargs or "{}")
    except (SyntaxError, ValueError):  # Written as x=1, y=2.
        call: Any = ast.parse(f"f({row.kwargs})", mode="eval").body
        kwargs = {k.arg: ast.literal_eval(k.value) for k in call.keywords}
    if row.intended_date_kwarg:
        kwargs[row.intended_date_kwarg] = row.next_run.isoformat()
    return args if isinstance(args, tuple) else (args,), kwargs


def beat_entry(row: Schedule) -> str:
    """Return a row as a line of CELERY_BEAT_SCHEDULE, for the day when it is deleted.

    Raises ValueError for times that a crontab of Celery does not have.
    """
    args, kwargs = arguments(row)
    times = cron(row)
    return (
        f'{row.name or f"{row.func} {row.pk}"!r}: {{"task": "{row.func}",\n'
        f'    "schedule": crontab.from_string("{times}"), "args": {args!r},\n'
        f'    "kwargs": {kwargs!r}}},'
    )


def cron(row: Schedule) -> str:
    """Return the times of a row as a crontab, in the time zone of Django."""
    at = timezone.localtime(row.next_run) if settings.USE_TZ else row.next_run
    step = {row.BIMONTHLY: 2, row.QUARTERLY: 3, row.YEARLY: 12}.get(row.schedule_type)
    months = [str(m) for m in range(1, 13) if step and (m - at.month) % step == 0]
    every, fields = row.minutes or 1, None
    if row.schedule_type == row.CRON:
        fields = row.cron.split()
    elif row.schedule_type == row.MINUTES and 60 % every == 0:
        minutes = range(at.minute % every, 60, every)
        fields = [",".join(map(str, minutes)), "*", "*", "*", "*"]
    elif row.schedule_type in (row.HOURLY, row.DAILY, row.WEEKLY):
        hour = "*" if row.schedule_type == row.HOURLY else str(at.hour)
        day = str(at.isoweekday() % 7) if row.schedule_type == row.WEEKLY else "*"
        fields = [str(at.minute), hour, "*", "*", day]
    elif (step or row.schedule_type == row.MONTHLY) and at.day < 29:
        fields = [str(at.minute), str(at.hour), str(at.day), "*", "*"]
        fields[3] = ",".join(months) or "*"
    # Where both are given, Celery wants both days, and cron wants one of them.
    if not fields or len(fields) != 5 or (fields[2] != "*" and fields[4] != "*"):
        raise ValueError(f"no crontab of Celery has the times of {row}")
    crontab.from_string(times := " ".join(fields))  # Raises for what it cannot read.
    return times
