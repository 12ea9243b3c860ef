"""Send a task to the queue that MOVE_TO_PROCRASTINATE names, or to Django-Q2.

Where you called `async_task`, call `enqueue`. This function has not moved, so its task
goes to Django-Q2:

>>> from cookbook.scaling.leave_for_procrastinate.queues import enqueue
>>> from django.utils.text import slugify
>>> from django_q.tasks import result
>>> key = enqueue(slugify, "Django Q2")
>>> len(key), result(key, wait=30_000)
(32, 'django-q2')

With `"django.utils.text.slugify": True` in the settings, and after a restart, the same
call goes to Procrastinate, which has ids like 7.
Arguments that do not fit are refused at once, not in a worker:

>>> enqueue(slugify)
Traceback (most recent call last):
    ...
TypeError: missing a required argument: 'value'


Both queues are tables of the same database: a task is there if, and only if, the
transaction in which it was sent is committed.
"""

import inspect
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django_q.tasks import async_chain, async_task
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django.django_connector import DjangoConnector

# The app of Procrastinate has another connection in its worker; this one never has.
sender = DjangoApp(connector=DjangoConnector())


def enqueue(function: Callable[..., Any], *args: object, **kwargs: object) -> str:
    """Send a task to its queue, and return the id that it has there.

    Raises TypeError for arguments that the function does not take.
    """
    path = path_of(function)
    if is_moved(path):
        return send(path, args, kwargs)
    inspect.signature(function).bind(*args, **kwargs)
    return async_task(path, *args, **kwargs)


def enqueue_chain(*steps: tuple[Any, ...]) -> str:
    """Run steps (function, argument, ...) one after the other, in one queue.

    Procrastinate gets the chain when it has every step; return the id of the chain.
    """
    calls = [(path_of(function), tuple(args)) for function, *args in steps]
    if not all(is_moved(path) for path, _ in calls):
        return async_chain(calls)
    named = [[path, by_name(import_string(path), args, {})] for path, args in calls]
    return defer("run_chain", steps=named)


def send(path: str, args: Any, kwargs: dict[str, Any]) -> str:
    """Send a task to Procrastinate, in the transaction that is open.

    Raises TypeError for arguments that are not JSON, or have no name.
    """
    return defer(path, **by_name(import_string(path), args, kwargs))


def defer(name: str, **kwargs: Any) -> str:
    return str(sender.configure_task(name).defer(**kwargs))


def by_name(
    function: Callable[..., Any], args: Any, kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Return the arguments of a call by their names, as Procrastinate keeps them."""
    signature = inspect.signature(function)
    names: dict[str, Any] = {}
    for name, value in signature.bind(*args, **kwargs).arguments.items():
        kind = signature.parameters[name].kind
        if kind in (
            inspect.Parameter.POSITIONAL_ONLY,
            inspect.Parameter.VAR_POSITIONAL,
        ):
            raise TypeError(f"{path_of(function)} takes {name!r} without a name")
        names |= value if kind == inspect.Parameter.VAR_KEYWORD else {name: value}
    return names


def is_moved(path: str) -> bool:
    return bool(getattr(settings, "MOVE_TO_PROCRASTINATE", {}).get(path))


def path_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
