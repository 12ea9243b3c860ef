"""Write down when a task passes a step, and every SQL statement, in each process.

`Q_CLUSTER` names a broker class of this module, so the client and the sentinel import
it, and the sentinel does so before it forks the others.
"""

import re
import time
from multiprocessing import current_process

from django.db.backends.signals import connection_created
from django.db.models.signals import post_save
from django_q import signals
from django_q.brokers.orm import ORM
from django_q.brokers.redis_broker import Redis
from django_q.models import Task

from cookbook.harness import trial


def record(step, at=None):
    # Of each child the cluster keeps the function or class that it was forked for.
    target = getattr(current_process(), "_target", None)
    process = target.__name__.lower() if target else "client"
    trial.write(f"{at or time.time()} {process} {step}")


class Traced:
    """What is recorded of a broker's calls."""

    def enqueue(self, task):
        number = super().enqueue(task)
        record("enqueued")
        return number

    def dequeue(self):
        began = time.time()
        tasks = super().dequeue()
        if tasks:
            record("look", began)
        record("fetched" if tasks else "nothing")
        return tasks

    def acknowledge(self, number):
        super().acknowledge(number)
        record("acknowledged")


class TracedORM(Traced, ORM):
    """The ORM broker, recorded."""


class TracedRedis(Traced, Redis):
    """The Redis broker, recorded."""


def statement(execute, sql, *arguments):
    """Record a statement before it runs: its verb, its lock and its table."""
    lock = " FOR UPDATE" * ("FOR UPDATE" in sql)
    if table := re.search(r"django_q_(\w+)", sql):  # Else SQLite's BEGIN.
        record(f"SQL {sql.split()[0]}{lock} {table[1]}")
    return execute(sql, *arguments)


def watch(connection, **_):
    record("connect")
    if statement not in connection.execute_wrappers:  # They outlive a connection.
        connection.execute_wrappers.append(statement)


def announce(step):
    """Return a receiver that records `step`."""
    return lambda **_: record(step)


connection_created.connect(watch)
for signal, step in {
    signals.pre_execute: "begun",
    signals.post_execute_in_worker: "ended",
    signals.post_execute: "finished",
}.items():
    signal.connect(announce(step), weak=False)
post_save.connect(announce("saved"), sender=Task, weak=False)
