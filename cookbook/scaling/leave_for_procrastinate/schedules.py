"""Schedules in the move: the field `cluster` of a row says who fires it.

No cluster of Django-Q2 may have the name OWNER. A row is locked while it is fired or
moved, and its task is sent in the same transaction: each run is fired once.

When Procrastinate has fired a row for some days, write it into `tasks.py`, and
delete the row:

>>> from cookbook.scaling.leave_for_procrastinate.schedules import periodic_lines
>>> from django_q.models import Schedule
>>> row = Schedule(
...     pk=7,
...     func="django.utils.text.slugify",
...     args="'Django Q2'",
...     schedule_type=Schedule.CRON,
...     cron="30 4 * * *",
... )
>>> print(periodic_lines(row))
@app.periodic(cron="30 4 * * *")
@app.task(name="django.utils.text.slugify 7")
def periodic_7(timestamp):
    defer("django.utils.text.slugify", **{'value': 'Django Q2'})
"""

import ast
import logging
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from .queues import by_name, send

OWNER = "procrastinate"
logger = logging.getLogger(__name__)


def move(pk: int, cluster: str | None = OWNER) -> None:
    """Let Procrastinate fire a row from its next run on. `cluster=None` takes it back.

    Raises ValueError or TypeError for a row that only Django-Q2 can fire.
    """
    with transaction.atomic():
        row = Schedule.objects.select_for_update().get(pk=pk)
        if cluster == OWNER:
            if row.func not in settings.MOVE_TO_PROCRASTINATE:
                raise ValueError(f"{row.func} is not in MOVE_TO_PROCRASTINATE")
            args, kwargs = arguments(row)
            if row.hook or "q_options" in kwargs:
                raise ValueError(f"{row} has a hook or q_options")
            by_name(import_string(row.func), args, kwargs)
        row.cluster = cluster
        row.save()


def fire_due() -> int:
    """Send what is due to Procrastinate, and return how many. A worker calls it."""
    due = Schedule.objects.filter(cluster=OWNER, next_run__lt=timezone.now())
    return sum(fire(pk) for pk in due.exclude(repeats=0).values_list("pk", flat=True))


def fire(pk: int) -> bool:
    """Send one run of a row, and move the row to its next run."""
    due = Schedule.objects.filter(cluster=OWNER, next_run__lt=timezone.now())
    try:
        with transaction.atomic():
            row = due.exclude(repeats=0).select_for_update().filter(pk=pk).first()
            if not row:  # Another worker was faster.
                return False
            args, kwargs = arguments(row)
            if row.schedule_type == row.ONCE:
                row.delete()  # As Django-Q2 does.
            else:
                row.next_run = row.calculate_next_run()
                row.repeats -= row.repeats > 0
                row.save()
            send(row.func, args, kwargs)
    except Exception:  # The other rows go on.
        logger.exception("schedule %s was not sent to Procrastinate", pk)
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


def periodic_lines(row: Schedule) -> str:
    """Return a row as lines of `tasks.py`, for the day when it is deleted.

    Raises ValueError for times that cron does not have in UTC.
    """
    args, kwargs = arguments(row)
    names = by_name(import_string(row.func), args, kwargs)
    return (
        f'@app.periodic(cron="{cron(row)}")\n'
        f'@app.task(name="{row.func} {row.pk}")\n'
        f"def periodic_{row.pk}(timestamp):\n"
        f'    defer("{row.func}", **{names!r})'
    )


def cron(row: Schedule) -> str:
    """Return the times of a row as cron in UTC, which is the clock of Procrastinate."""
    at, every = (
        row.next_run.replace(tzinfo=row.next_run.tzinfo or UTC),
        row.minutes or 1,
    )
    at = at.astimezone(UTC)
    step = {row.BIMONTHLY: 2, row.QUARTERLY: 3, row.YEARLY: 12}.get(row.schedule_type)
    months = [str(m) for m in range(1, 13) if step and (m - at.month) % step == 0]
    if row.schedule_type in (row.MINUTES, row.HOURLY):
        every = 60 if row.schedule_type == row.HOURLY else every
        minutes = ",".join(map(str, range(at.minute % every, 60, every)))
        if 60 % every == 0:
            return f"{minutes} * * * *"
    elif settings.TIME_ZONE != "UTC":
        raise ValueError(f"{row} follows {settings.TIME_ZONE}, and Procrastinate UTC")
    elif row.schedule_type == row.CRON:
        return row.cron
    elif row.schedule_type in (row.DAILY, row.WEEKLY):
        day = at.isoweekday() % 7 if row.schedule_type == row.WEEKLY else "*"
        return f"{at.minute} {at.hour} * * {day}"
    elif (step or row.schedule_type == row.MONTHLY) and at.day < 29:
        return f"{at.minute} {at.hour} {at.day} {','.join(months) or '*'} *"
    raise ValueError(f"cron does not have the times of {row}")
