"""Rules for the schedules in the database."""

import ast
import importlib
import pydoc
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_q.models import Schedule

from .rules import Findings, Settings, rule

SCHEDULES: list = []
PATIENCE = timedelta(seconds=90)  # Longer than from one scheduler pass to the next.


def named(schedule: Schedule) -> str:
    return f"schedule {str(schedule.name or schedule.pk)!r}"


def keywords(text: str) -> dict[str, Any]:
    """Read keyword arguments as the scheduler does: `{'a': 1}` or `a=1`."""
    with suppress(SyntaxError, ValueError):
        return dict(**ast.literal_eval(text))
    call: Any = ast.parse(f"f({text})", mode="eval").body
    if call.args:
        raise ValueError("the scheduler leaves them out")
    return dict(**{word.arg: ast.literal_eval(word.value) for word in call.keywords})


def unread(schedule: Schedule) -> list[str]:
    """Return which of a schedule's texts the scheduler cannot read."""
    bad = []
    for field, parse in (("args", ast.literal_eval), ("kwargs", keywords)):
        try:
            parse(getattr(schedule, field) or "{}")
        except Exception:  # Whatever it is, the scheduler meets it, too.
            bad.append(field)
    return bad


@rule("django_q.E044", "A schedule whose arguments do not parse", rules=SCHEDULES)
def schedule_arguments(settings: Settings) -> Findings:
    """Bad args stop every schedule of the same pass; bad kwargs are left out."""
    for schedule in Schedule.objects.order_by("pk"):
        for field in unread(schedule):
            yield (
                f"the {field} of {named(schedule)} are not literals: "
                f"{getattr(schedule, field)[:60]}",
                "Write literals: args as `1, 'a'`, kwargs as `{'a': 1}`.",
            )


@rule("django_q.E045", "A schedule whose function cannot be imported", rules=SCHEDULES)
def schedule_function(settings: Settings) -> Findings:
    """Each of its runs is a failed task. To see it, this imports the function."""
    for schedule in Schedule.objects.order_by("pk"):
        try:
            function = pydoc.locate(schedule.func)
        except (Exception, SystemExit):
            function = None
        if not callable(function):
            yield (
                f"the function of {named(schedule)} cannot be imported: "
                f"{schedule.func}",
                "Correct its dotted path, or delete the schedule.",
            )


@rule("django_q.W046", "A schedule that no cluster runs", rules=SCHEDULES)
def schedule_overdue(settings: Settings) -> Findings:
    """No cluster runs, or none of the name that the schedule asks for.

    A cluster with another name leaves out the schedules that name none.
    """
    late = Schedule.objects.filter(next_run__lt=timezone.now() - PATIENCE)
    for schedule in late.exclude(repeats=0).order_by("pk"):
        own = f" {schedule.cluster!r}" if schedule.cluster else ""
        yield (
            f"{named(schedule)} is overdue, so no cluster{own} runs it",
            "Start a cluster of that name; see whether `scheduler` is switched off.",
        )


@rule("django_q.E047", "Cron schedules without croniter", rules=SCHEDULES)
def no_croniter(settings: Settings) -> Findings:
    """The scheduler fails at the first of them, and runs none of the others."""
    number = Schedule.objects.filter(schedule_type=Schedule.CRON).count()
    try:
        importlib.import_module("croniter")
    except ImportError:
        if number:
            plural = "" if number == 1 else "s"
            yield (
                f"{number} schedule{plural} of the type Cron, but no croniter",
                "Install croniter where the clusters run.",
            )
