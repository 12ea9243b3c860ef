"""Rules for the schedules in the database."""

import importlib
import inspect
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django_q.models import Schedule, Task

from .rows import (
    active,
    arguments,
    faults,
    keywords,
    located,
    located_hook,
    named,
    next_run_error,
    options,
)
from .rules import Findings, Settings, rule

SCHEDULES: list = []
ENDLESS = (
    inspect.iscoroutinefunction,
    inspect.isgeneratorfunction,
    inspect.isasyncgenfunction,
)
PATIENCE = timedelta(seconds=90)  # Longer than from one scheduler pass to the next.


@rule("django_q.E044", "A schedule of which no task can be made", rules=SCHEDULES)
def schedule_arguments(settings: Settings) -> Findings:
    """It stops every schedule of the same pass."""
    for schedule in active():
        for field in faults(schedule):
            yield (
                f"the {field} of {named(schedule)} stop the scheduler: "
                f"{str(getattr(schedule, field))[:60]}",
                "Write literals: args as `1, 'a'`, kwargs as `{'a': 1}`.",
            )


@rule("django_q.W055", "Keywords that the scheduler leaves out", rules=SCHEDULES)
def schedule_keywords(settings: Settings) -> Findings:
    """The function runs without them."""
    for schedule in active():
        if not faults(schedule) and not keywords(schedule)[1]:
            yield (
                f"kwargs of {named(schedule)} are left out: {schedule.kwargs[:60]}",
                "Write literals: kwargs as `{'a': 1}` or `a=1`.",
            )


@rule("django_q.E050", "A schedule without a next run", rules=SCHEDULES)
def no_next_run(settings: Settings) -> Findings:
    """It stops every schedule of the same pass; a bulk_create checks no cron."""
    for schedule in active():
        error, cron = next_run_error(schedule), ""
        if schedule.schedule_type == Schedule.CRON:
            cron = f" with the cron {str(schedule.cron)[:60]}"
        if error and not isinstance(error, ImportError):  # E047 says so.
            yield (
                f"{named(schedule)} has no next run{cron}: {str(error)[:90]}",
                f"{'Write five fields, such as `0 8 * * 1`' if cron else 'Correct it'}"
                ", and see `time_zone`.",
            )


@rule("django_q.W051", "A hook that cannot be imported", rules=SCHEDULES)
def schedule_hook(settings: Settings) -> Findings:
    """The task runs, and then an error is logged instead of the hook."""
    for schedule in active():
        if faults(schedule):
            continue  # E044 says so.
        kwargs, own = options(schedule)
        hook = own.get("hook", kwargs.get("hook"))
        if hook and not callable(located_hook(hook)):
            yield (
                stray("hook", schedule, hook),
                "Correct its dotted path, or remove it.",
            )


@rule("django_q.W052", "Arguments that do not fit the function", rules=SCHEDULES)
def schedule_call(settings: Settings) -> Findings:
    """Each of its runs is a failed task."""
    for schedule in active():
        function = located(schedule.func)
        if faults(schedule) or not callable(function):
            continue  # E044 and E045 say so.
        args, kwargs = arguments(schedule)
        try:
            signature = inspect.signature(function)
        except Exception:
            continue  # Some functions do not say what they take.
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            yield (
                f"the arguments of {named(schedule)} do not fit: {str(error)[:120]}",
                "Correct its args and kwargs.",
            )


@rule("django_q.W056", "A schedule of an async function", rules=SCHEDULES)
def schedule_async(settings: Settings) -> Findings:
    """A coroutine or a generator cannot be pickled: no result, and no acknowledgement.

    With a broker that acknowledges, the task runs again after each `retry`, for ever.
    """
    for schedule in active():
        function = located(schedule.func)
        if any(test(function) for test in ENDLESS):
            yield (
                f"{named(schedule)} calls {schedule.func}, whose result cannot be "
                "pickled",
                "Call it in a plain function, with `asyncio.run()` or `list()`.",
            )


@rule("django_q.I053", "A schedule of type Minutes without minutes", rules=SCHEDULES)
def every_minute(settings: Settings) -> Findings:
    """It runs every minute."""
    rows = active().filter(schedule_type=Schedule.MINUTES)
    for schedule in rows.filter(Q(minutes=None) | Q(minutes=0)):
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
    for schedule in active():
        if not callable(located(schedule.func)):
            yield (
                stray("function", schedule, schedule.func),
                "Correct its dotted path, or delete the schedule.",
            )


def stray(what: str, schedule: Schedule, path: str) -> str:
    return f"the {what} of {named(schedule)} cannot be imported: {path}"


@rule("django_q.W046", "A schedule that no cluster runs", rules=SCHEDULES)
def schedule_overdue(settings: Settings) -> Findings:
    """No cluster runs, or none of the name that the schedule asks for.

    A cluster with another name leaves out the schedules that name none.
    """
    now = timezone.now()
    due = active().filter(next_run__lt=now)
    stopped = any(faults(one) or next_run_error(one) for one in due)
    # One that catches up has just made a task.
    recent = Task.objects.filter(started__gt=now - PATIENCE).values("id")
    for schedule in due.filter(next_run__lt=now - PATIENCE).exclude(task__in=recent):
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
    number = active().filter(schedule_type=Schedule.CRON).count()
    try:
        importlib.import_module("croniter")
    except ImportError:
        if number:
            plural = "" if number == 1 else "s"
            yield (
                f"{number} schedule{plural} of the type Cron, but no croniter",
                "Install croniter where the clusters run.",
            )
