"""What a task calls, to stop when it was cancelled."""

import functools
import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db import Error, close_old_connections
from django_q.signals import post_execute_in_worker, pre_execute

from .models import Decision

logger = logging.getLogger(__name__)
# A task that is run with `sync=True` can run inside another one.
running: ContextVar[tuple[str, ...]] = ContextVar("running", default=())


class CancelledError(Exception):
    """The task was cancelled."""


def begin(task: dict[str, Any], **_: object) -> None:
    """Receive `pre_execute`."""
    running.set((*running.get(), task["id"]))


def end(**_: object) -> None:
    """Receive `post_execute_in_worker`."""
    running.set(running.get()[:-1])


def listen() -> None:
    pre_execute.connect(begin)
    post_execute_in_worker.connect(end)


def check() -> None:
    """Raise `CancelledError` if the task was cancelled. Call it between two steps.

    Without the database the task goes on; `finalize` asks again.
    """
    try:
        mine = Decision.objects.filter(pk__in=running.get()[-1:], cancelled=True)
        if mine.exists():
            raise CancelledError
    except Error:
        logger.warning("cannot read whether the task was cancelled", exc_info=True)
        close_old_connections()


def finalize() -> None:
    """Raise `CancelledError`, or rule out that the task is cancelled from now on.

    Call it before the step that others see, or in the transaction of that step.
    """
    for task_id in running.get()[-1:]:
        decision, _ = Decision.objects.get_or_create(
            pk=task_id, defaults={"cancelled": False}
        )
        if decision.cancelled:
            raise CancelledError


def cancellable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a task end with the result "cancelled" where it was cancelled.

    That is a success: the ORM broker would deliver a failure again.
    """

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            check()
            result = function(*args, **kwargs)
            finalize()
        except CancelledError:
            return "cancelled"
        return result

    return run
