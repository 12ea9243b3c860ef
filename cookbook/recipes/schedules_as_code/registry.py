"""The schedules that the code defines. Each app registers its own in `schedules.py`."""

import ast
import inspect
from collections.abc import Callable
from pydoc import ErrorDuringImport, locate
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.module_loading import autodiscover_modules
from django_q.models import Schedule

from .pause import unreadable

PREFIX = "code: "  # A row whose name begins with it belongs to the code.
REGISTRY: dict[str, Schedule] = {}


def register(
    func: Callable[..., Any],
    *args: object,
    name: str = "",
    cron: str | None = None,
    minutes: int | None = None,
    hook: Callable[..., Any] | None = None,
    cluster: str | None = None,
    options: dict[str, Any] | None = None,
    **kwargs: object,
) -> Schedule:
    """Define a schedule: call `func` at the times of `cron`, or every `minutes`.

    `options` are those of `async_task`. The default name is the path of the function.
    Raises ValueError for what the scheduler cannot read, or a worker cannot run.
    """
    stored = kwargs | ({"q_options": options} if options else {})
    job = Schedule(
        name=f"{PREFIX}{name or path(func)}",
        func=path(func),
        args=repr(args) if args else None,
        kwargs=repr(stored) if stored else None,
        schedule_type=Schedule.CRON if cron else Schedule.MINUTES,
        cron=cron,
        minutes=minutes,
        hook=path(hook) if hook else None,
        cluster=cluster,
    )
    try:
        if bool(cron) == bool(minutes):
            raise ValueError("give either cron or minutes")
        if job.name in REGISTRY:
            raise ValueError("another schedule has this name")
        for each in filter(None, (func, hook)):
            if inspect.iscoroutinefunction(each) or locate(path(each)) != each:
                raise ValueError(f"no worker can run {path(each)}")
        if ast.literal_eval(repr((args, stored))) != (args, stored):
            raise ValueError("give literals as arguments: numbers, strings, lists")
        job.clean_fields()
        inspect.signature(func).bind(*args, **kwargs)
        if why := unreadable(job):
            raise ValueError(why)
    except (ValueError, TypeError, ValidationError, ErrorDuringImport) as error:
        raise ValueError(f"{job.name}: {error}") from error
    return REGISTRY.setdefault(job.name, job)


def discover() -> dict[str, Schedule]:
    """Import `schedules.py` of each app, and return all schedules by their names."""
    autodiscover_modules("schedules")
    return REGISTRY


def path(func: Callable[..., Any]) -> str:
    """Return the dotted path by which a worker finds a function."""
    return f"{func.__module__}.{func.__qualname__}"
