"""Run the queue inside a test, with the functions that a cluster runs."""

import logging
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import Value
from queue import Queue
from threading import Event
from typing import Any
from unittest.mock import patch

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections, transaction
from django.db.models import QuerySet
from django.test import TestCase
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.monitor import monitor
from django_q.pusher import pusher
from django_q.scheduler import scheduler
from django_q.utils import get_func_repr
from django_q.worker import worker


class EveryQueue(ORM):
    """The ORM broker: one task of any queue at a time, the oldest first."""

    def due(self) -> QuerySet[OrmQ]:
        # A clock that stands still is equal to the lock, not later.
        return self.get_connection().filter(lock__lte=timezone.now())

    def dequeue(self) -> list[tuple[int, str]]:
        row = self.due().order_by("lock", "pk")[0]
        self.get_connection().filter(pk=row.pk).update(lock=self.timeout(row))
        return [(row.pk, row.payload)]


class Results(Queue):
    """Pickle each result, as on its way from a worker to the monitor."""

    def put(self, item: Any, *_: Any) -> None:
        super().put(pickle.loads(pickle.dumps(item)))


class Errors(logging.Handler):
    """Keep the exceptions that Django-Q2 catches and only logs."""

    def __init__(self) -> None:
        super().__init__()
        self.outer, self.errors = sys.exception(), list[BaseException]()

    def emit(self, record: logging.LogRecord) -> None:
        error = sys.exception()
        if error and error is not self.outer:
            error.add_note(f"A cluster only logs it: {record.getMessage()}")
            self.errors.append(error)


@contextmanager
def cluster_code() -> Iterator[None]:
    """Run code of a cluster in a test: raise the first exception, also if it is logged.

    PATCHED: a cluster calls `django.db.close_old_connections` before each task, which
    would close the connection of a TestCase, and so end its transaction.
    """
    handler, logger = Errors(), logging.getLogger("django-q")
    logger.addHandler(handler)
    try:
        with patch("django.db.close_old_connections"):
            yield
    except Exception as error:
        handler.errors.append(error)
    finally:
        logger.removeHandler(handler)
    if handler.errors:
        raise handler.errors[0]


@contextmanager
def own_savepoint(alias: str) -> Iterator[None]:
    """Let a task break its own savepoint, and not the transaction of the test."""
    savepoint = transaction.savepoint(alias)
    yield
    try:
        transaction.savepoint_commit(savepoint, alias)
    except DatabaseError:
        transaction.set_rollback(False, alias)
        transaction.savepoint_rollback(savepoint, alias)


def run_task(broker: EveryQueue) -> dict[str, Any]:
    """Run one task as pusher, worker and monitor do; return it with its result."""
    tasks, results, once = Queue[Any](), Results(), Event()
    once.set()
    # None are open in a TransactionTestCase.
    transactions = [
        alias for alias in connections if connections[alias].in_atomic_block
    ]
    with cluster_code(), ExitStack() as commits:
        for alias in transactions:
            commits.enter_context(
                TestCase.captureOnCommitCallbacks(using=alias, execute=True)
            )
        pusher(tasks, once, broker)
        tasks.put("STOP")
        with ExitStack() as savepoints:
            for alias in transactions:
                savepoints.enter_context(own_savepoint(alias))
            worker(tasks, results, Value("f", -1))
        task = results.get(block=False)
        results.put(task)
        results.put("STOP")
        monitor(results, broker)
    return task


class QueueMixin:
    """Add it to a TestCase or a TransactionTestCase."""

    def open_queue(self) -> EveryQueue:
        if Conf.SYNC or not isinstance(get_broker(), ORM):
            raise ImproperlyConfigured(
                'tests need the ORM broker: Q_CLUSTER |= {"orm": "default", '
                '"sync": False} in the settings of your tests'
            )
        return EveryQueue()

    def read_queue(self) -> list[dict[str, Any]]:
        """Return the tasks in all queues, the oldest first."""
        rows = self.open_queue().get_connection().order_by("lock", "pk")
        return [row.task for row in rows]

    def assert_enqueued(
        self, func: Callable[..., Any] | str, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Return the task in the queue that will make this call, with its options."""
        call = (get_func_repr(func), args, kwargs)
        tasks = [(get_func_repr(t["func"]), t["args"], t["kwargs"], t)
                 for t in self.read_queue()]  # fmt: skip
        for *other, task in tasks:
            if tuple(other) == call:
                return task
        calls = "\n".join(str(tuple(other)) for *other, _ in tasks) or "nothing"
        raise AssertionError(f"{call} is not in the queue; there is\n{calls}")

    def drain(
        self, *, failures: int | None = 0, limit: int = 1000
    ) -> list[dict[str, Any]]:
        """Run what is due, and what that enqueues; return the tasks with their results.

        Raises AssertionError unless exactly `failures` tasks fail (None: any number),
        or if more than `limit` tasks run.
        """
        broker, tasks = self.open_queue(), list[dict[str, Any]]()
        while broker.due().exists():
            if len(tasks) == limit:
                raise AssertionError(f"{limit} tasks ran; does one enqueue itself?")
            tasks.append(run_task(broker))
        errors = [task["result"] for task in tasks if not task["success"]]
        if failures is not None and len(errors) != failures:
            text = "\n".join(errors)
            raise AssertionError(f"{len(errors)} tasks failed, not {failures}\n{text}")
        return tasks

    def run_schedules(self) -> None:
        """Enqueue what is due now, as the scheduler of a cluster does."""
        with cluster_code():
            scheduler(self.open_queue())
