"""Write results in a thread of the monitor, then acknowledge their tasks.

Nothing changes for the code that queues tasks and reads results:

>>> from django_q.tasks import async_task, result_group
>>> for number in range(20):
...     task = async_task("math.sqrt", number, group="roots")
>>> roots = result_group("roots", count=20, wait=60_000)
>>> [root for root in sorted(roots) if root.is_integer()]
[0.0, 1.0, 2.0, 3.0, 4.0]
"""

import logging
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread, main_thread
from time import sleep
from typing import Any

from django import db
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django_q.brokers import Broker, get_broker
from django_q.brokers.orm import ORM
from django_q.models import Task
from django_q.utils import get_func_repr

ACK_ID = "batched_results"  # Where a task carries the id that the broker waits for.
MOST = 500  # Results in one statement.
WAIT = 0.05  # Seconds that a result waits for others.
AGAIN = 1.0  # Seconds until the next attempt while the database is away.
AWAY = (db.InterfaceError, db.OperationalError, db.ProgrammingError)
logger = logging.getLogger(__name__)
Results = SimpleQueue[dict[str, Any]]


@cache
def start() -> Results:
    """Start the thread of this process, and return the queue that it reads."""
    results: Results = SimpleQueue()
    # No daemon: a process that ends waits for it.
    Thread(target=run, args=[results], name="batched results").start()
    return results


def run(results: Results) -> None:
    """Write until the process ends and nothing is left."""
    while True:
        try:
            batch = [results.get(timeout=0.5)]
        except Empty:
            if main_thread().is_alive():
                continue
            return db.connections.close_all()
        sleep(WAIT)
        batch += [results.get() for _ in range(min(results.qsize(), MOST - 1))]
        while not write(batch):
            sleep(AGAIN)


def write(batch: list[dict[str, Any]]) -> bool:
    """Store the results, then acknowledge: a kill in between repeats tasks at most."""
    try:
        db.close_old_connections()
        store(batch)
        acknowledge([task[ACK_ID] for task in batch if task[ACK_ID]])
    except Exception:
        logger.exception("%d results are not written yet", len(batch))
        return False
    logger.debug("wrote %d results", len(batch))
    return True


def store(batch: list[dict[str, Any]]) -> None:
    rows, results = [as_row(task) for task in batch], table()
    try:
        results.bulk_create(rows)
    except Exception as error:
        logger.info("writing %d results one by one: %s", len(batch), error)
        db.close_old_connections()
        for row in rows:
            store_alone(row)
        return
    for row in rows:  # bulk_create sends no signals.
        post_save.send_robust(
            Task, instance=row, created=True, raw=False, using=results.db,
            update_fields=None,
        )  # fmt: skip


def table() -> QuerySet[Task]:
    """Return all results, from the database that takes them and not from a copy."""
    return Task.objects.using(db.router.db_for_write(Task))


def as_row(task: dict[str, Any]) -> Task:
    fields = ("id", "name", "args", "kwargs", "started", "stopped", "result")
    return Task(
        func=get_func_repr(task["func"]), cluster=task.get("cluster"),
        group=task.get("group"), success=True, attempt_count=1,
        **{field: task[field] for field in fields},
    )  # fmt: skip


def store_alone(row: Task) -> None:
    """Store one result as the monitor would: a failure that is there is replaced."""
    before = table().filter(pk=row.pk).first()
    if before and before.success:
        return
    row.attempt_count += before.attempt_count if before else 0
    try:
        row.save()
    except AWAY:
        raise
    except Exception as error:
        logger.exception("the result of task %s is refused", row.pk)
        if not table().filter(pk=row.pk, success=True).exists():
            refuse(row, error)


def refuse(row: Task, error: Exception) -> None:
    """Store a failure in the place of a result that the database does not take."""
    for name in ("name", "func", "group", "cluster"):
        if value := getattr(row, name):
            text = value.encode(errors="replace").decode().replace("\0", "")
            setattr(row, name, text[: Task._meta.get_field(name).max_length])
    row.args = row.kwargs = None
    row.result = f"The task ran, but its result was not saved: {error!r}"
    row.success = False
    row.save()


@cache
def broker() -> Broker:
    return get_broker()


def acknowledge(ids: list[Any]) -> None:
    if not ids:  # As with the Redis broker.
        return
    kind = type(broker())
    if (kind.acknowledge, kind.delete) == (ORM.acknowledge, ORM.delete):
        broker().get_connection().filter(pk__in=ids).delete()
    else:
        for ack_id in ids:
            broker().acknowledge(ack_id)
