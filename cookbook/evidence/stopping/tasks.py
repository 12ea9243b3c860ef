"""What the clusters do: a task that writes when it begins and when it has ended."""

import sqlite3
from collections import Counter
from contextlib import closing
from time import sleep

from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness.trial import journal, wait_until, write


def work(number, seconds):
    write(f"began {number}")
    # The second cluster, which finishes the rest, has no need to be slow.
    sleep(0 if journal().with_name("quick").exists() else seconds)
    write(f"ended {number}")


def enqueue(tasks, seconds):
    for number in range(tasks):
        async_task(work, number, seconds)


def drain():
    """Return when the broker has nothing left, locked or not."""
    broker = get_broker()
    wait_until(
        # Locked before waiting: a task whose lock ends in between counts twice.
        lambda: not (broker.lock_size() or 0) + broker.queue_size(),
        120,
        lambda: "the queue never became empty",
    )


def count(folder, what):
    """Count how often each task "began" or "ended" in the project of a folder."""
    lines = (folder / "journal").read_text().splitlines()
    return Counter(line.split()[1] for line in lines if line.startswith(what))


def end_locks(folder):
    """Let the ORM broker deliver again at once what the first cluster had fetched."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        database.execute("UPDATE django_q_ormq SET lock = '2000-01-01 00:00:00'")
