"""Check the arguments of a task with a form, and hide its errors behind a reference.

What the form does not accept is not enqueued:

>>> from cookbook.recipes.task_guard.tasks import refund
>>> refund.enqueue(order=7, reason="x" * 500)
Traceback (most recent call last):
    ...
django.core.exceptions.ValidationError: {'reason': ['Ensure this value has at most...
>>> refund.enqueue(order=7, reason="late", hook="os.system")
Traceback (most recent call last):
    ...
django.core.exceptions.ValidationError: ['refund has no argument hook']

The stored error, which the admin and the log of the cluster show, has a reference:

>>> from django_q.tasks import fetch
>>> from cookbook.recipes.task_guard.tasks import refund
>>> fetch(refund.enqueue(order=7, reason="late"), wait=60_000).result
'refunded 7'
>>> error = fetch(refund.enqueue(order=0, reason="late"), wait=60_000).result
>>> error.partition(" : ")[0]
'ConnectionError, reference ...'
>>> "hunter2" in error
False

The file `private.log` has the whole error under that reference:

>>> from pathlib import Path
>>> "hunter2" in Path("private.log").read_text()
True
"""

import json
import logging
import secrets
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django_q.tasks import async_task

logger = logging.getLogger("private")


class TaskError(Exception):
    """An error that everybody may read."""


class Guard:
    """A task that gets its arguments as one dictionary, which its form has checked."""

    def __init__(
        self, function: Callable[..., Any], form: type[Form], most: int
    ) -> None:
        self.function, self.form, self.most = function, form, most
        self.name = function.__name__
        self.path = f"{function.__module__}.{self.name}"

    def enqueue(self, q_options: dict[str, Any] | None = None, **data: Any) -> str:
        """Enqueue the task and return its id. Raises ValidationError."""
        self.check(data)
        # One dictionary: as keywords, `hook` and others would be Django-Q2's own.
        return async_task(self.path, data, q_options=dict(q_options or {}))

    def __call__(self, data: dict[str, Any]) -> Any:
        """Run in the worker, for a schedule and a package of a stranger too."""
        try:
            return self.shorten(self.function(**self.check(data)))
        except Exception as error:
            reference = secrets.token_hex(4)
            logger.exception("%s failed, reference %s", self.path, reference)
            name = type(error).__name__
            raise TaskError(f"{name}, reference {reference}") from None

    def check(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the values that the form has cleaned. Raises ValidationError."""
        size = size_of(data)
        if size is None or size > self.most:
            raise ValidationError(
                f"{self.name} takes JSON of at most {self.most} bytes, not {size}"
            )
        for name in data.keys() - self.form.base_fields.keys():
            raise ValidationError(f"{self.name} has no argument {name}")
        form = self.form(data)
        if not form.is_valid():
            raise ValidationError(form.errors)
        return form.cleaned_data

    def shorten(self, result: Any) -> Any:
        """Return a result that can be stored, or only its class."""
        size = size_of(result)
        if size is None or size > self.most:
            return f"<{type(result).__name__}>"
        return result


def size_of(value: object) -> int | None:
    """Return the bytes of a value as JSON, or None if it is not JSON."""
    try:
        return len(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return None


def guard(
    form: type[Form], most: int = 10_000
) -> Callable[[Callable[..., Any]], Guard]:
    """Decorate a task. `most` limits the bytes of its arguments and of its result."""
    return lambda function: Guard(function, form, most)
