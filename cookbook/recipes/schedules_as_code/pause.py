"""A row that the scheduler cannot read stops all others. Pause it, whoever saves it.

>>> from cookbook.recipes.schedules_as_code.pause import unreadable
>>> from django_q.models import Schedule
>>> job = Schedule.objects.create(func="math.sqrt", args="4,,")
>>> job.repeats
0
>>> unreadable(job)
'SyntaxError: ...'
>>> _ = job.delete()
"""

import ast
import logging

from django.db.models.signals import pre_save
from django.utils import timezone
from django_q.models import Schedule

logger = logging.getLogger(__name__)


def unreadable(job: Schedule) -> str | None:
    """Say why this row would end the scheduler's look at all rows, or return None."""
    try:
        ast.literal_eval(str(job.args or "()"))
        try:
            kwargs = ast.literal_eval(str(job.kwargs or "{}"))
        except (SyntaxError, ValueError):
            kwargs = {}  # Then the scheduler leaves them out, and goes on.
        dict(kwargs.get("q_options", {}))
        if job.schedule_type != Schedule.ONCE:
            job.calculate_next_run(timezone.now())
    except Exception as error:  # Whatever it is, the scheduler meets it, too.
        return f"{type(error).__name__}: {error}"
    return None


def pause(instance: Schedule, **_: object) -> None:
    """Give `repeats` 0 to a row that the scheduler cannot read: it skips these."""
    if instance.repeats and (why := unreadable(instance)):
        instance.repeats = 0
        logger.error("schedule %r is paused: %s", instance.name or instance.func, why)


def listen() -> None:
    pre_save.connect(pause, sender=Schedule)
