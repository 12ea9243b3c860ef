"""Count what fails on SQLite, by connection options and number of workers.

>>> from cookbook.evidence.sqlite_needs_one_worker import measure
>>> defaults, wal, both = measure(
...     10, [("defaults", 1), ("WAL", 1), ("WAL + IMMEDIATE", 4)]
... )["rows"]

One worker is not few enough, and WAL does not help it:

>>> defaults["SELECT, 5 ms, UPDATE"] > 0, wal["SELECT, 5 ms, UPDATE"] > 0
(True, True)

A single statement waits for its turn; only a write after a read is refused:

>>> defaults["INSERT"], wal["INSERT"]
(0, 0)

With IMMEDIATE four workers fail nowhere, and no result is lost:

>>> print(*both.values(), sep=" | ")
WAL + IMMEDIATE, 4 | 0 | 0 | 0 | 0
"""

import re
import sqlite3
import time
from collections import Counter
from contextlib import closing
from itertools import product
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.db import transaction
from django_q.tasks import async_task

OPTIONS = {
    "defaults": {},
    "WAL": {"timeout": 20, "init_command": "PRAGMA journal_mode=WAL"},
    "IMMEDIATE": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    "WAL + IMMEDIATE": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL",
    },
}
KINDS = ("INSERT", "SELECT, UPDATE", "SELECT, 5 ms, UPDATE")
ENDED = re.compile(r"(Processed|Failed) '\S+' \((.+) \d+\)(?: - (.+) : )?")


def write(name):
    """Write one row, in a statement that is a transaction by itself."""
    User.objects.create(username=name)


def read_then_write(seconds):
    """Add one to a counter: read it, work for `seconds`, write it back."""
    with transaction.atomic():
        counter = Group.objects.get()  # Its name is the number.
        time.sleep(seconds)
        counter.name = int(counter.name) + 1
        counter.save()


def enqueue(tasks):
    """Queue `tasks` of each kind, each under the name of its kind."""
    Group.objects.create(name=0)
    insert, at_once, slowly = KINDS
    for number in range(tasks):
        async_task(write, number, task_name=f"{insert} {number}")
        async_task(read_then_write, 0, task_name=f"{at_once} {number}")
        async_task(read_then_write, 0.005, task_name=f"{slowly} {number}")


def settings(options, workers, save_limit):
    """Return the settings of one run."""
    return {
        "DATABASES": {"default": {"OPTIONS": OPTIONS[options]}},
        "Q_CLUSTER": {
            "name": "claim",
            "orm": "default",
            "workers": workers,
            "timeout": 30,
            "retry": 60,
            "save_limit": save_limit,
            "ack_failures": True,  # Each task runs once.
        },
    }


def run(tasks, options, workers, save_limit=20):
    """Run `tasks` of each kind on a real cluster; return how many of each failed.

    Another process, which stands for the site, queues them meanwhile.
    """
    # Here, so that the workers, which import this module too, need not load it.
    from cookbook.harness import trial

    with trial.workspace(settings(options, workers, save_limit)) as environment:
        file = Path(environment["WORKSPACE"], "db.sqlite3")
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA journal_mode=DELETE")  # WAL stays in a file.
        with trial.Cluster(environment) as cluster:
            trial.call(environment, enqueue, tasks)
            trial.wait_until(
                lambda: len(ENDED.findall(cluster.log)) >= tasks * len(KINDS),
                seconds=200,
                otherwise=lambda: f"some tasks have not ended.{cluster.advice}",
            )
        with closing(sqlite3.connect(file)) as database:
            (counter,) = database.execute("SELECT name FROM auth_group").fetchone()
        return figures(options, workers, save_limit, cluster.log, int(counter))


def figures(options, workers, save_limit, log, counter):
    """Return the row of one run, read from its cluster's log."""
    ended = Counter(ENDED.findall(log))
    succeeded = sum(ended["Processed", kind, ""] for kind in KINDS[1:])
    assert counter == succeeded, f"{succeeded} tasks added one to get {counter}"
    return {
        "options, workers": f"{options}, {workers}{'' if save_limit else ', all kept'}",
        **{kind: ended["Failed", kind, "database is locked"] for kind in KINDS},
        "results lost": log.count("Could not save task result"),
    }


def measure(tasks=100, runs=None):
    """Run every combination, or only `runs`; `tasks` is the number of each kind."""
    every = [*product(OPTIONS, (1, 2, 4)), ("WAL", 1, 0)]
    return {
        "rows": [run(tasks, *one) for one in runs or every],
        "chart": ["options, workers", "SELECT, UPDATE"],
        "tasks": tasks,
    }
