"""Databases that refuse what a cluster asks for."""

import socket
from functools import cache
from threading import Thread

import psycopg
from django.core.management import call_command
from django.db import connection, transaction
from django_q.tasks import async_task

from cookbook.harness.trial import (
    Q_CLUSTER,
    journal,
    logged,
    observe,
    own_log,
    stop,
    wait_until,
    workspace,
    write,
)
from cookbook.reference.models_and_admin.upgrades import BEFORE, store

IMPATIENT = {"timeout": 0.1, "transaction_mode": "IMMEDIATE"}


def until(words):
    wait_until(lambda: words in own_log(), 20, own_log)


@cache
def sqlite_log():
    """Return the log of a cluster on SQLite that waits only briefly for a lock."""
    database = {"default": {"OPTIONS": IMPATIENT, "CONN_MAX_AGE": 600}}
    return observe(on_sqlite, settings={"DATABASES": database}, timeout=60)


@cache
def postgresql_log():
    """Return the log of a cluster on PostgreSQL."""
    return observe(on_postgresql, on="PostgreSQL", timeout=60)


def hold_lock():
    """Write while a task wants to write too.

    >>> from cookbook.troubleshooting.messages.runs import databases, printed
    >>> print(printed(databases.sqlite_log(), "utils.OperationalError: database"))
    django.db.utils.OperationalError: database is locked
    """
    async_task(need_lock)
    until("processing")  # Then the cluster itself does not write.
    with transaction.atomic():
        write("locked")
        until("is locked")


def need_lock():
    wait_until(journal().exists, 20, own_log)
    transaction.atomic(write)("unlocked")


def use_older_package():
    """Store a result with the model of an older release of the package.

    >>> from cookbook.troubleshooting.messages.runs import databases, printed
    >>> print(printed(databases.sqlite_log(), "NOT NULL"))
    NOT NULL constraint failed: django_q_task.attempt_count
    >>> print(printed(databases.postgresql_log(), "null value"))
    null value in column "attempt_count" of relation "django_q_task" violates not-null constraint
    """
    return store(is_older=True)


def use_older_tables():
    """Run a task with the tables of an older release, then with none.

    >>> from cookbook.troubleshooting.messages.runs import databases, printed
    >>> print(printed(databases.sqlite_log(), "utils.OperationalError: no such column"))
    django.db.utils.OperationalError: no such column: django_q_task.cluster
    >>> print(printed(databases.postgresql_log(), "utils.ProgrammingError: column"))
    django.db.utils.ProgrammingError: column django_q_task.cluster does not exist
    >>> print(printed(databases.sqlite_log(), "utils.OperationalError: no such table"))
    django.db.utils.OperationalError: no such table: django_q_ormq
    >>> print(printed(databases.postgresql_log(), "utils.ProgrammingError: relation"))
    django.db.utils.ProgrammingError: relation "django_q_ormq" does not exist
    """
    stop()
    call_command("migrate", *BEFORE, verbosity=0)
    connection.close()  # A fork that ends would end it for both.
    call_command("qcluster")
    async_task("builtins.abs", -1)
    until("django_q_task.cluster")
    call_command("migrate", "django_q", "zero", verbosity=0)
    until("django_q_ormq")


def name_at_length():
    """Give a task a name of 101 characters.

    >>> from cookbook.troubleshooting.messages.runs import databases, printed
    >>> print(printed(databases.postgresql_log(), "utils.DataError"))
    django.db.utils.DataError: value too long for type character varying(100)
    """
    async_task("builtins.abs", -1, task_name="a" * 101)
    until("value too long")


def end_connection():
    """End the connection of a task, and go on with it.

    >>> from cookbook.troubleshooting.messages.runs import databases, printed
    >>> print(printed(databases.postgresql_log(), "Error: terminating"))
    django.db.utils.OperationalError: terminating connection due to administrator command
    >>> print(printed(databases.postgresql_log(), "utils.OperationalError: the connection is l"))
    django.db.utils.OperationalError: the connection is lost
    >>> print(printed(databases.postgresql_log(), "utils.OperationalError: the connection is c"))
    django.db.utils.OperationalError: the connection is closed
    """
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    finally:
        try:
            cursor.execute("SELECT 1")
        finally:
            connection.cursor()


def on_sqlite():
    line = use_older_package()
    hold_lock()
    use_older_tables()
    return "\n".join([line, own_log()])


def send_to(url, **keys):
    """Return what a process logs that sends a task to the database of this URL."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | keys}) as project:
        return logged(project | ({"DATABASE_URL": url} if url else {}), send)


def send():
    async_task("builtins.abs", -1)


def refused():
    """Send a task to a port where no PostgreSQL listens.

    >>> from cookbook.troubleshooting.messages.runs import databases, printed
    >>> print(printed(databases.refused(), "utils.OperationalError"))
    django.db.utils.OperationalError: connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused
    """
    return send_to("postgres://shop@127.0.0.1:1/shop")


def hung_up():
    """Send a task through something that accepts a connection and closes it.

    >>> from cookbook.troubleshooting.messages.runs import databases, printed
    >>> print(printed(databases.hung_up(), "utils.OperationalError"))
    django.db.utils.OperationalError: connection failed: ...server closed the connection unexpectedly
    """
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        port = proxy.getsockname()[1]
        Thread(target=lambda: proxy.accept()[0].close(), daemon=True).start()
        return send_to(f"postgres://shop@127.0.0.1:{port}/shop?sslmode=disable")


def no_alias():
    """Name a database in `orm` that DATABASES does not have.

    >>> from cookbook.troubleshooting.messages.runs import databases, printed
    >>> print(printed(databases.no_alias(), "DoesNotExist"))
    django.utils.connection.ConnectionDoesNotExist: The connection 'queue' doesn't exist.
    """
    return send_to(None, orm="queue")


def connect_twice():
    """Open two connections for a role that may have one.

    >>> from cookbook.troubleshooting.messages.runs import databases, printed
    >>> print(printed(databases.postgresql_log(), "too many"))
    connection failed: ...too many connections for role "..."
    """
    settings = connection.settings_dict
    role = settings["NAME"]  # Its name is new, and roles belong to the whole server.
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 1")
    place = {"dbname": role, "user": role} | settings["OPTIONS"]
    try:
        with psycopg.connect(**place):
            psycopg.connect(**place)
    except psycopg.OperationalError as error:
        return str(error)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP ROLE {role}")


def on_postgresql():
    lines = use_older_package(), connect_twice()
    name_at_length()
    async_task(end_connection)
    until("the connection is closed")
    use_older_tables()
    return "\n".join([*lines, own_log()])
