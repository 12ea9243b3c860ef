"""Between Django-Q2 and async code: a decorator for tasks, a function for views.

In an async view, `aenqueue` does what `async_task` does:

>>> from asgiref.sync import async_to_sync
>>> from django.http import JsonResponse
>>> from django.test import RequestFactory
>>> from cookbook.recipes.async_tasks.bridge import aenqueue
>>> async def view(request):
...     task_id = await aenqueue("math.copysign", 2, -1)
...     return JsonResponse({"task": task_id}, status=202)
>>> response = async_to_sync(view)(RequestFactory().get("/"))
>>> response.status_code, response.content
(202, b'{"task": "..."}')
"""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import async_to_sync, sync_to_async
from django_q.tasks import async_task

P = ParamSpec("P")
R = TypeVar("R")
SPARE = 2  # Seconds before Django-Q2's timeout: for `finally` and `except` blocks.


def async_to_task(function: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, R]:
    """Make a plain function of an `async def` function, which a worker can run.

    Shortly before the timeout of the task the coroutine is cancelled, and the task
    fails with TimeoutError.
    """

    # async_to_sync runs the queries of the coroutine in this thread, where the worker
    # takes care of the connection.
    @async_to_sync
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        async with asyncio.timeout(seconds_left()):
            return await function(*args, **kwargs)

    # A function with the name of the other one: pickle finds it in its module.
    @wraps(function)
    def task(*args: P.args, **kwargs: P.kwargs) -> R:
        return run(*args, **kwargs)

    return task


def seconds_left() -> float | None:
    """Return the seconds that a coroutine has, or None where there is no timeout."""
    # Django-Q2 sets this timer, but its exception does not reach the coroutine.
    has_timer = os.name == "posix"
    rest, _ = signal.getitimer(signal.ITIMER_REAL) if has_timer else (0, 0)
    return max(rest - SPARE, rest / 2) if rest else None


aenqueue = sync_to_async(async_task)
