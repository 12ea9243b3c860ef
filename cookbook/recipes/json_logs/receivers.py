"""Carry the id into the worker, and log a line for each task that has run.

Django-Q2 sends its signals with `send`: an exception in a receiver would end a worker,
or the view that enqueues. So none is let out.
"""

import functools
import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.core.signals import request_started
from django_q.signals import post_execute_in_worker, pre_enqueue, pre_execute
from django_q.utils import get_func_repr

from .request_ids import begin_request, request_id

logger = logging.getLogger("tasks")
begun: ContextVar[float] = ContextVar("begun", default=0.0)


def silent(receiver: Callable[..., None]) -> Callable[..., None]:
    """Log what a receiver raises."""

    @functools.wraps(receiver)
    def wrapper(**kwargs: Any) -> None:
        try:
            receiver(**kwargs)
        except Exception:
            logger.exception("%s failed", receiver.__name__)

    return wrapper


@silent
def give_id(task: dict[str, Any], **_: object) -> None:
    """Receive `pre_enqueue`. A task that no request sent gets an id of its own."""
    task.setdefault("request_id", request_id.get() or uuid4().hex)


@silent
def begin(task: dict[str, Any], **_: object) -> None:
    """Receive `pre_execute` in the worker."""
    request_id.set(task.get("request_id", ""))
    begun.set(time.monotonic())


@silent
def log(task: dict[str, Any], **_: object) -> None:
    """Receive `post_execute_in_worker`."""
    # With `sync=True` a failure has no result: the caller gets the exception.
    success = task.get("success", False)
    level = logging.INFO if success else logging.ERROR
    fields = {
        "function": get_func_repr(task["func"]),
        "task_id": task["id"],
        "task_name": task["name"],
        "success": success,
        "seconds": round(time.monotonic() - begun.get(), 3),
        "error": "" if success else task.get("result", ""),
    }
    logger.log(level, "task %s", fields["function"], extra=fields)


def listen() -> None:
    """Connect the receivers; the app calls it once."""
    for signal, receiver in {
        request_started: begin_request,
        pre_enqueue: give_id,
        pre_execute: begin,
        post_execute_in_worker: log,
    }.items():
        signal.connect(receiver, dispatch_uid=f"json_logs {receiver.__name__}")
