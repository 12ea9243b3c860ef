"""Read stored schedules as the scheduler does, without making a task.

What the scheduler raises for a schedule, these functions raise:

>>> from django_q.models import Schedule
>>> from cookbook.qdoctor.rows import arguments, faults
>>> arguments(Schedule(func="math.pow", args="2, 3", kwargs="task_name='power'"))
((2, 3), {})
>>> faults(Schedule(func="math.sqrt", args="4, name", kwargs="{'q_options': 5}"))
['args', 'kwargs']
"""

import ast
import importlib
import inspect
import pydoc
from contextlib import suppress
from typing import Any

from django.db.models import QuerySet
from django_q.conf import Conf
from django_q.models import Schedule
from django_q.tasks import async_task

# What async_task takes out of the keywords for itself.
OPTIONS = {"hook", "group", "save", "sync", "cached", "ack_failure", "iter_count",
           "iter_cached", "chain", "broker", "cluster", "timeout"}  # fmt: skip


def active() -> QuerySet:
    """Return the schedules that can still run."""
    return Schedule.objects.exclude(repeats=0).exclude(next_run=None).order_by("pk")


def named(schedule: Schedule) -> str:
    return f"schedule {str(schedule.name or schedule.pk)!r}"


def located(path: str) -> Any:
    """Return what a worker finds at the dotted path of a function, or None."""
    with suppress(Exception, SystemExit):
        return pydoc.locate(path)
    return None


def located_hook(path: str) -> Any:
    """Return what the monitor finds at the dotted path of a hook, or None."""
    with suppress(Exception, SystemExit):
        module, name = path.rsplit(".", 1)
        return getattr(importlib.import_module(module), name)
    return None


def positional(schedule: Schedule) -> tuple:
    """Return the positional arguments."""
    args = ast.literal_eval(schedule.args) if schedule.args else ()
    return args if type(args) is tuple else (args,)


def keywords(schedule: Schedule) -> tuple[Any, bool]:
    """Return the keyword arguments, and whether they are all that the text has."""
    text = schedule.kwargs
    if not text:
        return {}, True
    with suppress(SyntaxError, ValueError):
        return ast.literal_eval(text), True
    try:
        body: Any = ast.parse(f"f({text})").body
        call = body[0].value
        made = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    except (SyntaxError, ValueError):
        return {}, False
    return made, not call.args


def options(schedule: Schedule) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the keyword arguments and the q_options that async_task gets."""
    kwargs, _ = keywords(schedule)
    own = kwargs.get("q_options", {})
    if type(own) is not dict:
        raise TypeError("q_options is not a dictionary")
    queue = schedule.cluster or own.get("cluster", own.get("broker_name"))
    made = {**own, "cluster": queue, "group": own.get("group", schedule.name)}
    if schedule.intended_date_kwarg:
        kwargs[schedule.intended_date_kwarg] = ""
    if schedule.hook:
        made["hook"] = schedule.hook
    if schedule.cluster or queue in (None, Conf.PREFIX):  # That of the scheduler.
        made["broker"] = None
    elif (kwargs | made).get("broker"):
        raise TypeError("no literal is a broker")
    inspect.signature(async_task).bind(schedule.func, **kwargs)
    return kwargs, made


def arguments(schedule: Schedule) -> tuple[tuple, dict[str, Any]]:
    """Return the arguments that the function gets."""
    kwargs, own = options(schedule)
    mine = (OPTIONS - set(own)) | {"q_options", "task_name"}
    inside = {key: kwargs[key] for key in kwargs if key not in mine}
    return positional(schedule), inside


def faults(schedule: Schedule) -> list[str]:
    """Return the fields of which the scheduler can make no task."""
    bad = []
    for field, read in (("args", positional), ("kwargs", options)):
        try:
            read(schedule)
        except Exception:  # Whatever it is, the scheduler meets it, too.
            bad.append(field)
    return bad


def next_run_error(schedule: Schedule) -> Exception | None:
    """Return what the scheduler raises when it looks for the next run."""
    if schedule.schedule_type == Schedule.ONCE:
        return None
    try:
        schedule.calculate_next_run()
    except Exception as error:
        return error
    return None
