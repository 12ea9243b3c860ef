"""Send a task to the queue that MOVE_TO_CELERY names, or to Django-Q2.

Where you called `async_task`, call `enqueue`. This function has not moved, so its task
goes to Django-Q2:

>>> from cookbook.scaling.leave_for_celery.queues import enqueue
>>> from django.utils.text import slugify
>>> from django_q.tasks import result
>>> key = enqueue(slugify, "Django Q2")
>>> len(key), result(key, wait=30_000)
(32, 'django-q2')

With `"django.utils.text.slugify": True` in the settings, and after a restart, the same
call goes to Celery, which has ids of 36 characters.
Arguments that do not fit are refused at once, not in a worker:

>>> enqueue(slugify)
Traceback (most recent call last):
    ...
TypeError: missing a required argument: 'value'
"""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import Task, chain
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django_q.tasks import async_chain, async_task
from kombu.utils import json
from kombu.utils.uuid import uuid

from .celery import app

# Three attempts, a minute apart, as with `max_attempts` 3 and `retry` 60.
RETRIES = {"autoretry_for": (Exception,), "max_retries": 2, "default_retry_delay": 60}


def enqueue(function: Callable[..., Any], *args: object, **kwargs: object) -> str:
    """Send a task to its queue, and return the id that it has there.

    Raises TypeError for arguments that the function does not take.
    """
    inspect.signature(function).bind(*args, **kwargs)
    path = path_of(function)
    if is_moved(path):
        return send(path, args, kwargs)
    return async_task(path, *args, **kwargs)


def enqueue_chain(*steps: tuple[Any, ...]) -> str:
    """Run steps (function, argument, ...) one after the other, in one queue.

    Celery gets the chain when it has every step; return the id of the chain.
    """
    calls = [(path_of(function), args) for function, *args in steps]
    if not all(is_moved(path) for path, _ in calls):
        return async_chain([(path, tuple(args)) for path, args in calls])
    json.dumps(calls)
    # `si`: as in Django-Q2, a step does not get the result of the step before.
    run = chain(*(task(path).si(*args) for path, args in calls))
    transaction.on_commit(partial(run.apply_async, task_id=(key := uuid())))
    return key


def send(path: str, args: Any, kwargs: dict[str, Any]) -> str:
    """Send a task to Celery after the commit. Its worker may be faster than that.

    Raises TypeError for arguments that are not JSON, before the commit.
    """
    json.dumps((args, kwargs))
    key = uuid()
    transaction.on_commit(partial(task(path).apply_async, args, kwargs, task_id=key))
    return key


def task(path: str) -> Task:
    """Make a plain function a task of Celery, under its own name."""
    return app.task(name=path, **RETRIES)(import_string(path))


def is_moved(path: str) -> bool:
    return bool(getattr(settings, "MOVE_TO_CELERY", {}).get(path))


def path_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
