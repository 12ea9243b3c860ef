"""The decorator: run a task again later if it fails for a passing reason."""

import ast
import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import uuid4

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from django_q.exceptions import TimeoutException
from django_q.models import Schedule
from django_q.tasks import async_task

P = ParamSpec("P")
R = TypeVar("R")
PREFIX = "retry "  # The names of the schedules begin with it.
KEEP = timedelta(days=7)  # Longer than a broker can deliver a try again.
PATIENCE = 30  # Seconds to wait for a database that is away.
AWAY = (OperationalError, InterfaceError)
logger = logging.getLogger(__name__)


class RetryingTask(Generic[P, R]):
    """A function that can be called, or enqueued with retries."""

    def __init__(
        self,
        function: Callable[P, R],
        on: tuple[type[BaseException], ...],
        tries: int,
        base: float,
        most: float,
        options: dict[str, Any],
    ) -> None:
        update_wrapper(self, function)
        self.function, self.on = function, on
        self.tries, self.base, self.most = tries, base, most
        # Otherwise the broker repeats a failure too, without a limit.
        self.options = {"ack_failure": True} | options
        self.path = f"{function.__module__}.{function.__qualname__}.attempt"
        if tries < 1 or not 0 <= base <= most or {"group", "chain"} & set(options):
            needs = "needs tries >= 1, 0 <= base <= most, no group and no chain"
            raise ValueError(f"{self.path} {needs}")
        check_literal(options)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function now, without retries."""
        return self.function(*args, **kwargs)

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """Enqueue the first try. Return the group that all its tries share."""
        check_literal((args, kwargs))
        group = uuid4().hex
        options = self.options | {"group": group}
        async_task(self.path, group, 1, args, kwargs, q_options=options)
        return group

    def attempt(
        self, group: str, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> R | str:
        """The task that a worker runs: one try. Schedule the next try if it fails."""
        try:
            return self.function(*args, **kwargs)
        except self.on as error:
            if number >= self.tries:
                raise
            next_run = timezone.now() + timedelta(seconds=self.delay(number))
            report = (
                f"try {number} of {self.tries}: {error!r}; next at {next_run:%X %Z}"
            )
            logger.warning("%s: %s", self.path, report, exc_info=True)
            self.patiently(group, number + 1, args, kwargs, next_run)
            return report

    def delay(self, number: int) -> float:
        """Return the seconds after try `number`: doubled each time, then jittered."""
        longest = min(self.most, self.base * 2 ** min(number - 1, 60))
        return longest * random.uniform(0.5, 1)

    def patiently(self, *try_: Any) -> None:
        """Schedule a try, also while the database restarts.

        If that takes too long the worker ends. Its own try is then not acknowledged,
        and the broker delivers it again.
        """
        deadline = time.monotonic() + PATIENCE
        try:
            while True:
                try:
                    return self.schedule(*try_)
                except AWAY:
                    if time.monotonic() > deadline:
                        raise
                time.sleep(0.2)
                close_old_connections()
        except (*AWAY, TimeoutException) as error:
            raise SystemExit(f"{self.path}: no next try: {error!r}") from error

    def schedule(
        self,
        group: str,
        number: int,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        next_run: datetime,
    ) -> None:
        """Schedule a try, once: the broker may deliver the try before it twice."""
        same = Schedule.objects.filter(name=f"{PREFIX}{group} {number}")
        if not same.exists():
            Schedule.objects.create(
                name=f"{PREFIX}{group} {number}",
                func=self.path,
                args=repr((group, number, args, kwargs)),
                kwargs=repr({"q_options": self.options | {"group": group}}),
                schedule_type=Schedule.ONCE,
                repeats=1,  # The row stays after its run, with 0.
                next_run=next_run,
                cluster=self.options.get("cluster"),
            )
        # Two workers may have created it at the same moment.
        same.exclude(pk=same.earliest("pk").pk).delete()
        old = Schedule.objects.filter(name__startswith=PREFIX, repeats=0)
        old.filter(next_run__lt=timezone.now() - KEEP).delete()


def retrying(
    *,
    on: tuple[type[BaseException], ...],
    tries: int = 5,
    base: float = 10,
    most: float = 3600,
    **options: Any,
) -> Callable[[Callable[P, R]], RetryingTask[P, R]]:
    """Retry a task that raises one of `on`: at most `tries` runs.

    The delay is `base` seconds, then doubles up to `most`. `options` are those of
    `async_task`, for every try.
    """
    return lambda function: RetryingTask(function, on, tries, base, most, options)


def check_literal(value: Any) -> None:
    """Raise ValueError for a value that a schedule cannot store."""
    try:
        is_literal = ast.literal_eval(repr(value)) == value
    except (SyntaxError, ValueError):
        is_literal = False
    if not is_literal:
        raise ValueError(f"{value!r}: use numbers, strings, lists, dicts")
