"""The ORM broker for PostgreSQL: one statement enqueues, and one fetches.

>>> from cookbook.scaling.postgres_broker.broker import PostgresBroker
>>> from django_q.tasks import async_task, result
>>> result(async_task("math.sqrt", 16), wait=30_000)
4.0

This task goes before all that was enqueued in the last ten minutes:

>>> urgent = PostgresBroker(head_start=600)
>>> result(async_task("math.sqrt", 25, broker=urgent), wait=30_000)
5.0
"""

import os
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

ENQUEUE = """
    INSERT INTO django_q_ormq (key, payload, lock)
    SELECT %s, payload, statement_timestamp() - %s
    FROM unnest(%s::text[]) WITH ORDINALITY AS tasks (payload, place) ORDER BY place
    RETURNING id
"""


class PostgresBroker(ORM):
    """Django-Q2's own table and rows. On another database it is the ORM broker."""

    largest = 100_000_000  # Bytes in one call. PostgreSQL breaks off at 1 GB.
    head_start = timedelta()
    listener = None

    def __init__(self, list_key: str | None = None, head_start: float = 0) -> None:
        super().__init__(list_key)
        self.head_start = timedelta(seconds=head_start)

    @property
    def database(self) -> BaseDatabaseWrapper:
        return connections[Conf.ORM or DEFAULT_DB_ALIAS]

    @property
    def is_postgresql(self) -> bool:
        return self.database.vendor == "postgresql"

    @staticmethod
    def get_connection(list_key: str | None = None) -> QuerySet[OrmQ]:
        """Leave the transactions of other databases alone; Django-Q2 closes them."""
        if any(one.in_atomic_block for one in connections.all(initialized_only=True)):
            return OrmQ.objects.using(Conf.ORM)
        return ORM.get_connection(list_key)

    def info(self) -> str:
        return f"{type(self).__name__} {Conf.ORM}"

    def enqueue(self, task: str) -> int:
        return int(self.enqueue_many([task])[0])

    def enqueue_many(self, payloads: list[str]) -> list[str]:
        """Enqueue signed tasks, all or none; return their ids in the same order."""
        if (size := sum(map(len, payloads))) > self.largest:
            raise ValueError(
                f"{size:,} bytes of tasks are more than {self.largest:,}: enqueue "
                "fewer at once, and give a task the key of its data, not the data"
            )
        self.get_connection()  # It replaces a connection that is broken.
        if not self.is_postgresql:
            enqueue = super().enqueue
            with transaction.atomic(using=Conf.ORM):
                return [str(enqueue(payload)) for payload in payloads]
        if self.listener:
            self.listener.look_at = 0
        with self.database.cursor() as cursor:
            cursor.execute(ENQUEUE, [self.list_key, self.head_start, payloads])
            return [str(pk) for (pk,) in cursor.fetchall()]

    def dequeue(self) -> list[tuple[int, str]] | None:
        # Only its own connection sees what a transaction, as that of a test, holds.
        if not self.is_postgresql or self.database.in_atomic_block:
            return super().dequeue()
        from .listener import Listener  # Beside SQLite there may be no psycopg.

        # A process that was forked must not use the connection of its parent.
        if self.listener is None or self.listener.pid != os.getpid():
            self.listener = Listener(self.database, self.list_key)
        return self.listener.dequeue()

    def delete(self, task_id: int) -> None:
        # `acknowledge` calls it: one statement, where a QuerySet begins a transaction.
        self.get_connection()
        OrmQ(pk=task_id).delete(using=Conf.ORM)

    def queue_size(self) -> int:
        return (
            self.get_connection().filter(key=self.list_key, lock__lte=self.now).count()
        )

    def lock_size(self) -> int:
        return (
            self.get_connection().filter(key=self.list_key, lock__gt=self.now).count()
        )

    @property
    def now(self) -> Now | datetime:
        """The time of the database, because that of this host may be wrong."""
        return Now() if self.is_postgresql else timezone.now()
