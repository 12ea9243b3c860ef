"""Rules for the schedules in the database."""

import ast
import importlib
import inspect
import pydoc
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django_q.models import Schedule, Task

from .rules import Findings, Settings, rule

SCHEDULES: list = []
# What async_task takes out of the keywords for itself.
OPTIONS = ["hook", "group", "save", "sync", "cached", "ack_failure", "iter_count",
           "iter_cached", "chain", "broker", "cluster", "timeout", "q_options",
           "task_name"]  # fmt: skip
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
    for field, read in (("args", ast.literal_eval), ("kwargs", keywords)):
        try:
            read(getattr(schedule, field) or "{}")
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


def call(schedule: Schedule) -> tuple[tuple, dict[str, Any]]:
    """Return the arguments of a schedule, as the scheduler gives them to async_task."""
    args = ast.literal_eval(schedule.args) if schedule.args else ()
    kwargs = keywords(schedule.kwargs) if schedule.kwargs else {}
    if schedule.intended_date_kwarg:
        kwargs[schedule.intended_date_kwarg] = ""
    return args if type(args) is tuple else (args,), kwargs


def located(path: str) -> Any:
    """Return what is at a dotted path, or None."""
    with suppress(Exception, SystemExit):
        return pydoc.locate(path)
    return None


@rule("django_q.E050", "A cron that cannot be read", rules=SCHEDULES)
def unreadable_cron(settings: Settings) -> Findings:
    """It stops every schedule of the same pass; a bulk_create does not check it."""
    for schedule in Schedule.objects.filter(schedule_type=Schedule.CRON).order_by("pk"):
        try:
            schedule.calculate_next_run()
        except ImportError:
            return  # E047 says so.
        except Exception as error:
            yield (
                f"the cron of {named(schedule)} cannot be read: "
                f"{str(schedule.cron)[:60]}: {str(error)[:90]}",
                "Write five fields, such as `0 8 * * 1`.",
            )


@rule("django_q.W051", "A hook that cannot be imported", rules=SCHEDULES)
def schedule_hook(settings: Settings) -> Findings:
    """The task runs, and then an error is logged instead of the hook."""
    for schedule in Schedule.objects.exclude(hook=None).order_by("pk"):
        if schedule.hook and not callable(located(schedule.hook)):
            yield (
                f"the hook of {named(schedule)} cannot be imported: {schedule.hook}",
                "Correct its dotted path, or remove it.",
            )


@rule("django_q.W052", "Arguments that do not fit the function", rules=SCHEDULES)
def schedule_call(settings: Settings) -> Findings:
    """Each of its runs is a failed task, or no task at all."""
    for schedule in Schedule.objects.order_by("pk"):
        function = located(schedule.func)
        if unread(schedule) or not callable(function):
            continue  # E044 and E045 say so.
        args, kwargs = call(schedule)
        options = kwargs.get("q_options", {})
        why = ""
        if "func" in kwargs or type(options) is not dict:
            why = "no task can be made of these"
        inside = {key: kwargs[key] for key in kwargs if key not in OPTIONS}
        with suppress(ValueError):  # Some functions in C do not say what they take.
            try:
                inspect.signature(function).bind(*args, **inside)
            except TypeError as error:
                why = why or str(error)
        if why:
            yield (
                f"the arguments of {named(schedule)} do not fit: {why[:120]}",
                "Correct its args and kwargs.",
            )


@rule("django_q.I053", "A schedule of type Minutes without minutes", rules=SCHEDULES)
def every_minute(settings: Settings) -> Findings:
    """It runs every minute."""
    rows = Schedule.objects.filter(schedule_type=Schedule.MINUTES)
    for schedule in rows.filter(Q(minutes=None) | Q(minutes=0)).order_by("pk"):
        yield (
            f"{named(schedule)} has no minutes, so it runs every minute",
            ("Set minutes."),
        )


@rule("django_q.I054", "Schedules of the same name", rules=SCHEDULES)
def same_name(settings: Settings) -> Findings:
    """`schedule()` refuses a second one of a name, but the admin does not."""
    rows = Schedule.objects.exclude(name=None).values("name").order_by("name")
    for row in rows.annotate(number=Count("pk")).filter(number__gt=1):
        yield (
            f"{row['number']} schedules are named {row['name']!r}",
            ("Delete those that are not wanted; each of them runs."),
        )


@rule("django_q.E045", "A schedule whose function cannot be imported", rules=SCHEDULES)
def schedule_function(settings: Settings) -> Findings:
    """Each of its runs is a failed task. To see it, this imports the function."""
    for schedule in Schedule.objects.order_by("pk"):
        if not callable(located(schedule.func)):
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
    now = timezone.now()
    late = Schedule.objects.filter(next_run__lt=now - PATIENCE)
    # One that catches up has just made a task.
    recent = Task.objects.filter(started__gt=now - PATIENCE).values("id")
    late = late.exclude(repeats=0).exclude(task__in=recent)
    stops = [schedule_arguments, unreadable_cron, no_croniter]
    stopped = any(list(one(settings)) for one in stops)
    for schedule in late.order_by("pk"):
        own = f" {schedule.cluster!r}" if schedule.cluster else ""
        yield (
            f"{named(schedule)} is overdue, so no cluster{own} runs it",
            "First correct what E044, E047 or E050 finds: it stops the others."
            if stopped
            else "Start a cluster of that name; see whether `scheduler` is switched "
            "off.",
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
