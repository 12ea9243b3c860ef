"""Kill what works on tasks that fail twice, and count how each task ends.

The small size: a cluster is killed in the first tries, and each later one looks once
at the schedules.

>>> from cookbook.evidence.retry_backoff import measure
>>> once = {"guard_cycle": 30, "timeout": 3, "retry": 4}
>>> figures = measure(["SQLite, kills"], tasks=6, kills=[3], **once)
>>> [row] = figures["rows"]
>>> row["succeeded"], row["lost"], row["failed"]
(6, 0, 0)

At most two retries for each task, and at least three runs, for a try can run twice:

>>> row["retries"] <= 12, row["scheduled twice"], row["runs"] >= 18
(True, 0, True)

After a jump of the clock, all retries are late or early:

>>> figures["jumps"]
{'an hour back': 0, 'an hour on': 6, 'a second look': 0}
"""

import os
import signal
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Failure, OrmQ, Schedule, Task
from django_q.scheduler import scheduler

from cookbook.evidence.recipes_under_faults.servers import own_postgresql
from cookbook.harness import trial
from cookbook.recipes.retry_backoff.retrying import retrying

CLUSTER = {"name": "retried", "workers": 2, "timeout": 10, "retry": 12, "save_limit": 0}
CONNECTION = {"DATABASES": {"default": {"CONN_MAX_AGE": 600}}}
ROWS = {
    "SQLite, kills": {"orm": "default"},
    "PostgreSQL, kills": {"orm": "default"},
    "Redis, kills": {"redis": "redis://localhost:6379/0"},
    "SQLite, each task queued twice": {"orm": "default"},
    "PostgreSQL, database away": {"orm": "default", "timeout": 3, "retry": 4},
}
KILLS = (30, 60, 90, 120, 220, 250, 280, 310, 410, 430, 450, 470)
AWAY = 5  # Seconds; longer than the timeout of that row.


@retrying(on=(ConnectionError,), tries=5, base=1, most=30)
def ask_service(number):
    """The task: fail twice, and then succeed."""
    trial.write(f"began {number} {os.getpid()}")
    time.sleep(0.05)
    if trial.written().count(f"failed {number}") < 2:
        trial.write(f"failed {number}")
        raise ConnectionError("the service is away")
    trial.write(f"ended {number}")


def enqueue(tasks, copies):
    """Enqueue tasks, each one several times, and return how many messages that is.

    >>> from cookbook.evidence.retry_backoff import enqueue
    >>> from cookbook.harness.trial import without_cluster
    >>> without_cluster(enqueue, 3, 2)
    6
    """
    for number in range(tasks):
        ask_service.enqueue(number)
    for message in list(OrmQ.objects.all()) * (copies - 1):
        OrmQ.objects.create(key=message.key, payload=message.payload, lock=message.lock)
    return OrmQ.objects.count()


def lines(project):
    """Return the journal as lists of words."""
    journal = Path(project["WORKSPACE"], "journal")
    text = journal.read_text() if journal.exists() else ""
    return [line.split() for line in text.splitlines()]


def begun(project):
    return [words for words in lines(project) if words[0] == "began"]


# Faults. Each leaves a cluster running.


def kill(project, cluster, number):
    """Kill the whole cluster and start it again, or kill one worker that is busy.

    >>> import subprocess, tempfile
    >>> from pathlib import Path
    >>> from cookbook.evidence.retry_backoff import kill
    >>> worker = subprocess.Popen(["sleep", "60"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "journal").write_text(f"began 7 {worker.pid}")
    ...     kill({"WORKSPACE": folder}, None, 1)
    >>> worker.wait()
    -9
    """
    if number % 2 == 0:
        cluster.kill()
        cluster.start()
        return
    *_, (_, _, pid) = begun(project)
    with suppress(ProcessLookupError):
        os.kill(int(pid), signal.SIGKILL)


def stop_database(server):
    """Return a fault: the server is away for some seconds."""

    def fault(*_):
        server.stop()
        end = time.monotonic() + AWAY
        trial.wait_until(lambda: time.monotonic() > end, 2 * AWAY, str)
        server.start()

    return fault


# What the project says.


def queued():
    """Count what the broker still has, locked or not; Redis knows no locks."""
    broker = get_broker()
    return (broker.lock_size() or 0) + broker.queue_size()


def pending():
    return Schedule.objects.filter(repeats=1)


def waiting():
    """Say what is left to do.

    >>> from cookbook.evidence.retry_backoff import waiting
    >>> from cookbook.harness.trial import without_cluster
    >>> without_cluster(waiting)
    '0 tasks and 0 retries wait'
    """
    return f"{queued()} tasks and {pending().count()} retries wait"


def wait_until_idle(looks_often):
    """Wait for the tasks and retries; with one look, for those that are due now."""
    retries = (
        pending() if looks_often else pending().filter(next_run__lt=timezone.now())
    )
    trial.wait_until(lambda: not queued() and not retries.exists(), 400, waiting)


def wait_until_due():
    """Say whether anything is left, when all retries are due."""
    if last := pending().order_by("next_run").last():
        trial.wait_until(lambda: timezone.now() > last.next_run, 60, waiting)
    return bool(last or queued())


def counts():
    """Count what is stored; of each retry, how late it was enqueued."""
    enqueued = dict(Task.objects.values_list("pk", "started"))
    late = sorted(
        (enqueued[row.task] - row.next_run).total_seconds()
        for row in Schedule.objects.all()
        if row.task in enqueued
    )
    retries = Schedule.objects.count()
    return {
        "retries": retries,
        "scheduled twice": retries - Schedule.objects.distinct().values("name").count(),
        "failed": Failure.objects.count(),
        "late, median": round(statistics.median(late), 1),
        "late, most": round(late[-1], 1),
    }


@contextmanager
def project_of(row, changes):
    """Give a project and what goes wrong in it.

    >>> from cookbook.evidence.retry_backoff import project_of, queued
    >>> from cookbook.harness.trial import call
    >>> with project_of("PostgreSQL, database away", {}) as (project, fault):
    ...     fault()
    ...     call(project, queued)
    0
    """
    settings = {"Q_CLUSTER": CLUSTER | ROWS[row] | changes} | CONNECTION
    database, _, fault = row.partition(", ")
    if fault != "database away":
        on = database if database in trial.DATABASES else "SQLite"
        with trial.workspace(settings, on) as project:
            yield project, kill
        return
    with trial.workspace(settings) as project, own_postgresql(project) as server:
        yield project, stop_database(server)


def count(row, tasks, kills, changes):
    """Enqueue tasks, make faults, wait until nothing is left to do, and count."""
    looks_often = changes.get("guard_cycle", 0.5) < 30
    twice = "twice" in row
    with project_of(row, changes) as (project, fault):
        trial.call(project, enqueue, tasks, 2 if twice else 1)
        cluster = trial.Cluster(project).start()
        for number, runs in enumerate([] if twice else kills):
            trial.wait_until(
                lambda runs=runs: len(begun(project)) >= runs,
                120,
                lambda runs=runs: f"{runs} runs did not begin.{cluster.advice}",
            )
            fault(project, cluster, number)
        is_left = True
        while is_left:
            trial.call(project, wait_until_idle, looks_often)
            cluster.wait().stop()  # It ends what it has fetched.
            if is_left := trial.call(project, wait_until_due):
                cluster.start()
        journal = Counter(words[0] for words in lines(project))
        ended = Counter(words[1] for words in lines(project) if words[0] == "ended")
        stored = trial.call(project, counts)
    return {
        "broker, fault": row,
        "succeeded": len(ended),
        "lost": tasks - len(ended) - stored["failed"],
        "runs": journal["began"],
        "cut off": journal["began"] - journal["failed"] - journal["ended"],
        "succeeded twice": sum(times > 1 for times in ended.values()),
    } | stored


# The clock.


def jump(tasks):
    """Let `tasks` fail once, then look at their schedules under other clocks."""
    for number in range(tasks):
        ask_service.attempt(f"group-{number}", 1, (number,), {})
    figures = {}
    for what, seconds in {"an hour back": -3600, "an hour on": 3600}.items():
        figures[what] = look(seconds)
    return figures | {"a second look": look(3600)}


def look(seconds):
    """Return how many tasks the scheduler enqueues while the clock is off."""
    before, now = OrmQ.objects.count(), timezone.now
    clock = timedelta(seconds=seconds)
    with patch.object(timezone, "now", lambda: now() + clock):
        scheduler(get_broker())
    return OrmQ.objects.count() - before


def measure(rows=tuple(ROWS), tasks=200, kills=KILLS, **changes):
    with ThreadPoolExecutor(2) as at_once:  # Each waits most of the time.
        results = [at_once.submit(count, row, tasks, kills, changes) for row in rows]
        return {
            "tasks": tasks,
            "kills": len(kills),
            "away": AWAY,
            "jumps": trial.without_cluster(jump, tasks),
            "chart": ["broker, fault", "succeeded"],
            "rows": [result.result() for result in results],
        }
