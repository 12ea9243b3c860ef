"""What the processes of the experiment's site do."""

import os
import runpy
import signal
import statistics
import time
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Schedule, Task
from django_q.tasks import async_task

from cookbook.harness import trial


def work(number, value=None):
    """Do the task, and return what it was called with."""
    trial.write(f"ran {number}")
    time.sleep(0.05)
    return value


def enqueue(tasks):
    """Queue tasks, with arguments that are hard to copy."""
    group = Group.objects.create(pk=77, name="members")
    values = [group, b"\0\xff", timezone.now(), "gASVBQAAAAAAAACMAWGULg==", None, "ž"]
    broker = get_broker()
    for number in range(tasks):
        async_task(work, number, value=values[number % len(values)], broker=broker)
        trial.write(f"sent {number}")


def plan(first, count):
    """Let schedules be due; each has to run once."""
    due = timezone.now() - timedelta(seconds=1)
    for number in range(first, first + count):
        trial.write(f"sent {number}")
        name = f"{__name__}.work"
        Schedule.objects.create(func=name, args=f"{number}", next_run=due)


def produce(first, count, stop):
    """Send task after task, at least `count`, until a file says stop."""
    number, broker = first, get_broker()
    while not Path(stop).exists() or number < first + count:
        async_task(work, number, broker=broker)
        trial.write(f"sent {number}")
        number += 1
        time.sleep(0.1)
    return number - first


def time_sends(count):
    """Return the median ms of `async_task`, as it comes and with a broker kept."""
    medians = []
    for options in {}, {"broker": get_broker()}:
        times = []
        for _ in range(count):
            begin = time.perf_counter()
            async_task(work, 0, **options)
            times.append(1000 * (time.perf_counter() - begin))
        medians.append(statistics.median(times))
    return medians


def rows():
    """Return what results and schedules hold, as far as JSON keeps it."""
    tasks = [
        [str(getattr(task, field.name))[:23] for field in Task._meta.fields]
        for task in Task.objects.order_by("pk")
    ]
    fields = "pk", "func", "args", "schedule_type", "repeats"
    return tasks, [*map(list, Schedule.objects.order_by("pk").values_list(*fields))]


def run_script(path):
    """Do what `manage.py shell < PATH` does."""
    runpy.run_path(path)


def count_results():
    return Task.objects.filter(func__endswith=".work", success=True).count()


def written():
    """Return how often PostgreSQL wrote into the table of the queue for a result."""
    query = """SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
               FROM pg_stat_user_tables WHERE relname LIKE 'django_q_%'"""
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows = dict(cursor.fetchall())
    return round(rows["django_q_ormq"] / rows["django_q_task"])


def wait_for_locks():
    """Wait until every task that was locked by a killed process is free."""
    trial.wait_until(lambda: not get_broker().lock_size(), 120, lambda: "still locked")


def move(way, file, count):
    """Run `move_queue`; kill it when `count` tasks are in both places, if not 0."""
    kind = type(get_broker())
    if way == "--to":
        os.fsync = deadly(os.fsync, count)
    else:
        kind.enqueue = deadly(kind.enqueue, count)
    call_command("move_queue", way, file)


def deadly(function, count, number=signal.SIGKILL):
    """Return the function; it kills its process after this number of calls.

    >>> from cookbook.evidence.moves.site import deadly
    >>> deadly(abs, 1, number=0)(-7)
    7
    """
    calls = []

    def call(*arguments):
        calls.append(function(*arguments))
        if len(calls) == count:
            os.kill(os.getpid(), number)
        return calls[-1]

    return call
