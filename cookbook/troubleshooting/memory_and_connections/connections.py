"""The connections to PostgreSQL that an idle cluster with three workers keeps open.

Each worker has run a task, and `CONN_MAX_AGE` is 0. Then the same with a receiver that
closes the connections of a worker after each task:

>>> from cookbook.troubleshooting.memory_and_connections.connections import open_after
>>> open_after("tasks"), open_after("tasks_that_close")
(6, 3)
"""

from os import getpid
from statistics import mode

from django.db import connection, connections
from django_q.models import Schedule
from django_q.signals import post_execute_in_worker
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import (
    Q_CLUSTER,
    beside,
    call,
    own_log,
    stop,
    wait_until,
    workspace,
    write,
    written,
)

COUNT = """SELECT count(*) FROM pg_stat_activity, pg_sleep(0.05)
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
KEYS = {"workers": 3, "guard_cycle": 30, "poll": 1, "timeout": 60, "retry": 600}


def look():
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        return cursor.fetchone()[0]


def query():
    """Use the database, and wait until each worker does."""
    look()
    write(getpid())
    wait_until(lambda: len(set(written())) == KEYS["workers"], 60, own_log)


def close_connections(**signal):
    connections.close_all()


def count():
    """Run a task in each worker; return how many connections the cluster has then."""
    tasks = [async_task(query) for _ in range(KEYS["workers"])]
    assert all(fetch(task, wait=60_000) for task in tasks)
    wait_until(lambda: not Schedule.objects.exists(), 60, own_log)
    number = mode(look() for _ in range(40))  # The pusher and the monitor reconnect.
    stop()
    return number


def tasks():
    """Start a cluster whose sentinel uses its connection too, for a schedule."""
    Schedule.objects.create(func="math.sqrt", args="4")
    connection.close()  # A fork that ends would end it for both.
    return beside(count)


def tasks_that_close():
    post_execute_in_worker.connect(close_connections)
    return tasks()


def open_after(name):
    changed = {
        "Q_CLUSTER": Q_CLUSTER | KEYS,
        "DATABASES": {"default": {"CONN_MAX_AGE": 0}},
    }
    with workspace(changed, "PostgreSQL") as project:
        return call(project, {f.__name__: f for f in (tasks, tasks_that_close)}[name])
