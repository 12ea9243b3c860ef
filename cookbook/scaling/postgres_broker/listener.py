"""The connection of a pusher: it fetches tasks, and hears when there are some."""

import os
import select
from time import monotonic, sleep
from uuid import uuid4

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django_q.conf import Conf, logger

KEEP_ALIVE = 60  # Seconds until it looks although nothing has woken it.
ECHO = 5  # Seconds for a notification to itself.
STEP = 1  # Seconds after which the pusher sees whether its cluster stops.
# A host that is cut off; OPTIONS of the database go before these.
BOUNDS = {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000}

# The last column: seconds until the next task is due. It is there without tasks too.
FETCH = """
    WITH due AS MATERIALIZED (
        SELECT id, lock FROM django_q_ormq
        WHERE key = %(key)s AND lock <= statement_timestamp()
        ORDER BY lock, id LIMIT %(bulk)s FOR UPDATE SKIP LOCKED
    ), fetched AS (
        UPDATE django_q_ormq AS task
        SET lock = statement_timestamp() + make_interval(secs => %(retry)s)
        FROM due WHERE task.id = due.id RETURNING task.id, task.payload, due.lock
    )
    SELECT fetched.id, fetched.payload, next.seconds FROM (
        SELECT extract(epoch FROM min(lock) - statement_timestamp())
        FROM django_q_ormq WHERE key = %(key)s
    ) AS next (seconds) LEFT JOIN fetched ON true ORDER BY fetched.lock, fetched.id
"""
LISTEN = "LISTEN django_q_ormq"
MIGRATED = """
    SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'postgres_broker_wake'
                   AND tgrelid = to_regclass('django_q_ormq') AND tgenabled <> 'D'),
           EXISTS (SELECT FROM pg_index WHERE indisvalid
                   AND indexrelid = to_regclass('postgres_broker_due'))
"""


class Listener:
    def __init__(self, database: BaseDatabaseWrapper, key: str) -> None:
        self.parameters = BOUNDS | database.get_connection_params()
        self.key, self.pid, self.token = key, os.getpid(), uuid4().hex
        self.connection: psycopg.Connection | None = None
        self.heard: set[str] = set()
        self.look_at = self.check_at = 0.0
        self.polls, self.asked, self.warnings, self.error = True, False, set[str](), ""

    def dequeue(self) -> list[tuple[int, str]] | None:
        """Return the tasks that are due, or None after STEP seconds."""
        try:
            connection = self.connection or self.connect()
            is_woken = self.wait(connection, min(STEP, self.look_at - monotonic()))
            if not is_woken and monotonic() < self.look_at:
                return None
            tasks = self.fetch(connection)
        except psycopg.Error as error:
            self.close()
            if str(error) != self.error:
                self.error = str(error)
                text = " ".join(self.error.split())
                logger.error(f"{self.key}: tries each second to fetch tasks: {text}")
            sleep(STEP)
            return None
        self.error = ""
        return tasks

    def connect(self) -> psycopg.Connection:
        connection = psycopg.connect(autocommit=True, **self.parameters)
        self.connection = connection
        heard = (
            self.heard
        )  # Not `self`: a broker that is dropped closes its connection.
        connection.add_notify_handler(lambda note: heard.add(note.payload))
        connection.execute(LISTEN)
        self.look_at, self.polls, self.asked = 0, True, False
        self.check(connection)
        self.check_at = monotonic() + ECHO
        return connection

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def check(self, connection: psycopg.Connection) -> None:
        """Ask for a notification. Until it comes, this connection polls."""
        if self.asked:
            self.say(
                "polls, because NOTIFY does not arrive. Behind a pooler of "
                "transactions, give the cluster the address of the server itself"
            )
        self.check_at = monotonic() + KEEP_ALIVE
        ((has_trigger, has_index),) = connection.execute(MIGRATED).fetchall()
        if not has_index:
            self.say("the index is missing: run manage.py migrate")
        self.asked = has_trigger
        if not has_trigger:
            self.say("polls, because the trigger is missing: run manage.py migrate")
            return
        # A pooler delivers what one sends to oneself, with the answer to its sender.
        with psycopg.connect(autocommit=True, **self.parameters) as other:
            other.execute("SELECT pg_notify('django_q_ormq', %s)", [self.token])

    def say(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.add(text)
            logger.warning(f"{self.key}: {text}")

    def wait(self, connection: psycopg.Connection, seconds: float) -> bool:
        """Wait for a notification; return whether a task of this queue came."""
        seconds = 0 if self.key in self.heard else max(seconds, 0)
        select.select([connection], [], [], seconds)
        connection.pgconn.consume_input()
        while note := connection.pgconn.notifies():
            self.heard.add(note.extra.decode())
        if self.polls and self.token in self.heard:
            self.polls = False
            self.warnings.clear()
            logger.info(f"{self.key}: new tasks wake the cluster")
        is_woken = self.key in self.heard
        self.heard.clear()
        return is_woken

    def fetch(self, connection: psycopg.Connection) -> list[tuple[int, str]] | None:
        values = {"key": self.key, "bulk": Conf.BULK, "retry": Conf.RETRY}
        rows = connection.execute(FETCH, values).fetchall()
        if rows[0][0] is not None:
            self.look_at = 0
            return [(pk, payload) for pk, payload, _ in rows]
        if self.polls and self.check_at < monotonic():
            self.check(connection)
        pause, due = Conf.POLL if self.polls else KEEP_ALIVE, rows[0][2]
        if due is not None:  # It is past where another cluster fetches this task.
            pause = min(pause, max(float(due), Conf.POLL))
        self.look_at = monotonic() + pause
        return None
