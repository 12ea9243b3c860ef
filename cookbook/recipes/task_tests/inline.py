"""Run one task of the queue in this process, with the functions of a cluster."""

import logging
import pickle
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import Value
from queue import Queue
from threading import Event
from typing import Any
from unittest.mock import patch

from django.db import DatabaseError, connections
from django.db.models import QuerySet
from django.test import TestCase
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.models import OrmQ
from django_q.monitor import monitor
from django_q.pusher import pusher
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
    connection = connections[alias]
    savepoint = connection.savepoint()
    yield
    try:
        connection.savepoint_commit(savepoint)
    except DatabaseError:
        connection.set_rollback(False)
        connection.savepoint_rollback(savepoint)


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
