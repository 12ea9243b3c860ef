"""Run the same `async def` function in several ways, and count what becomes of it.

The small size: a cluster and a worker are killed while they run a task, and a
PostgreSQL is away.

>>> from cookbook.evidence.async_tasks import measure
>>> names = ["SQLite, kills", "PostgreSQL, database away"]
>>> figures = measure(names, tasks=6, kills=2, hangs=1)
>>> kills, away = figures["rows"]
>>> kills["lost"], away["lost"], kills["cut off"] >= 2
(0, 0, True)

Without a wrapper no task runs, and none ends:

>>> figures["bare"]
{'deliveries': 12, 'ran': 0, 'results': 0, 'still queued': 6}

A task that takes too long, in three ways:

>>> print(figures["timeouts"])
| Way | Error of the task | Cleaned up | Workers replaced |
| --- | --- | ---: | ---: |
| `asyncio.run` | `TimeoutException` | 1 of 1 | 1 |
| `async_to_sync` | `TimeoutException` | 0 of 1 | 1 |
| `@async_to_task` | `TimeoutError` | 1 of 1 | 0 |
"""

import asyncio
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django_q.brokers import get_broker
from django_q.models import Failure, OrmQ, Task
from django_q.tasks import async_task

from cookbook.evidence.recipes_under_faults.servers import own_postgresql
from cookbook.harness import trial
from cookbook.recipes.async_tasks.bridge import async_to_task

CLUSTER = {"name": "shop", "workers": 2, "timeout": 5, "retry": 6, "queue_limit": 4}
CLUSTER |= {"max_attempts": 3, "save_limit": 0}
REDIS = {"redis": "redis://localhost:6379/0"}
AWAY = 5  # Seconds for which the database is away.


async def work(number):
    """The task: two queries, and between them a call that waits."""
    trial.write(f"began {number} {os.getpid()}")
    await User.objects.acount()
    is_held = True
    while is_held:
        is_held = hold(os.environ).exists()
        trial.write(f"{'held' if is_held else 'free'} {number} {os.getpid()}")
        await asyncio.sleep(0.05)
    await User.objects.acount()
    trial.write(f"ended {number} {os.getpid()}")


def run(way, number):
    """The task, whose coroutine is run in one of several ways."""
    WAYS[way](number)


WAYS = {
    "asyncio.run": lambda number: asyncio.run(work(number)),
    "recipe": async_to_task(work),
}
ROWS = (
    "SQLite, kills",
    "PostgreSQL, kills",
    "Redis, kills",
    "SQLite, each task queued twice",
    "PostgreSQL, database away",
    "PostgreSQL, database away, asyncio.run",
)


def enqueue(task, tasks, *arguments, copies=1):
    for number in list(range(tasks)) * copies:
        async_task(task, *arguments, number)


def enqueue_row(row, tasks):
    way = "asyncio.run" if "asyncio.run" in row else "recipe"
    enqueue(run, tasks, way, copies=2 if "twice" in row else 1)


def waiting():
    """Count what the broker still has, locked or not; Redis knows no locks."""
    broker = get_broker()
    return (broker.lock_size() or 0) + broker.queue_size()


def failures():
    return [str(row.args[-1]) for row in Failure.objects.all()]


def lines(project, word):
    """Return the lines of the journal that begin with a word: (number, pid)."""
    journal = Path(project["WORKSPACE"], "journal")
    text = journal.read_text() if journal.exists() else ""
    return re.findall(rf"^{word} (\d+) (\d+)$", text, re.M)


# Faults.


def hold(project):
    """Return the file that no task outlives."""
    return Path(project["WORKSPACE"], "hold")


def kill(project, cluster, number):
    """Kill the cluster, or one worker, in the middle of a task."""
    hold(project).touch()
    before = len(lines(project, "held"))
    held = trial.wait_until(
        lambda: lines(project, "held")[before:],
        60,
        lambda: f"nothing runs.{cluster.advice}",
    )
    if number % 2:
        os.kill(int(held[0][1]), signal.SIGKILL)
    else:
        cluster.kill()
    hold(project).unlink()
    if not number % 2:
        cluster.start()


def stop_database(server):
    """Stop the server for some seconds."""
    server.stop()
    end = time.monotonic() + AWAY
    trial.wait_until(lambda: time.monotonic() > end, 2 * AWAY, str)
    server.start()


@contextmanager
def project_of(row):
    """Give the project of a row, and the server of its database if that is stopped."""
    database = row.partition(",")[0]
    broker = REDIS if database == "Redis" else {"orm": "default"}
    settings = {
        "Q_CLUSTER": CLUSTER | broker,
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    if "away" not in row:
        on = database if database in trial.DATABASES else "SQLite"
        with trial.workspace(settings, on) as project:
            yield project, None
        return
    with trial.workspace(settings) as project, own_postgresql(project) as server:
        yield project, server


def count(row, tasks, kills):
    """Enqueue tasks, make faults, wait until the queue is empty, and count."""
    with project_of(row) as (project, server):
        trial.call(project, enqueue_row, row, tasks)
        cluster = trial.Cluster(project).start()
        faults = kills if "kills" in row else 0
        if server:
            wait_for(tasks // 2, project, cluster)
            stop_database(server)
        for number in range(faults):
            wait_for((number + 1) * tasks // (2 * faults + 2), project, cluster)
            kill(project, cluster, number)
        trial.wait_until(
            lambda: not trial.call(project, waiting),
            400,
            lambda: f"the queue never became empty.{cluster.advice}",
        )
        cluster.wait().stop()  # It ends what it has fetched.
        began, ended = lines(project, "began"), lines(project, "ended")
        failed = {*trial.call(project, failures)}
    numbers = [number for number, _ in ended]
    failed -= {*numbers}  # A run that ended, and whose result was not stored.
    return {
        "broker, fault": row,
        "ended": len({*numbers}),
        "failed for good": len(failed),
        "lost": tasks - len({*numbers}) - len(failed),
        "cut off": len(began) - len(ended),
        "ended twice": len(numbers) - len({*numbers}),
    }


def wait_for(runs, project, cluster):
    trial.wait_until(
        lambda: len(lines(project, "ended")) >= runs,
        120,
        lambda: f"{runs} runs did not end.{cluster.advice}",
    )


# Without a wrapper.


def bare(tasks):
    """Enqueue `work` as it is, and wait until each task was delivered twice.

    Its log and its journal say what became of them.
    """
    error = "cannot pickle 'coroutine' object"
    changes = {"retry": 3, "timeout": 2, "workers": 2, "max_attempts": 1}
    with trial.cluster("SQLite", ack_failures=True, **changes) as running:
        trial.call(running, enqueue, work, tasks)

        def deliveries():
            return running.log.count(error)

        trial.wait_until(lambda: deliveries() >= 2 * tasks, 120, lambda: running.log)
        running.stop()
        results, queued = trial.call(running, leftovers)
        return {
            "deliveries": 2 * tasks,
            "ran": len(lines(running.environment, "began")),
            "results": results,
            "still queued": queued,
        }


def leftovers():
    return Task.objects.count(), OrmQ.objects.count()


# Timeouts.


async def hang(number):
    """Wait for ever; when that ends, clean up, which needs the database."""
    try:
        await asyncio.Event().wait()
    finally:
        await User.objects.acount()
        trial.write(f"cleaned {number} {os.getpid()}")


def run_out(way, number):
    HANGS[way](number)


HANGS = {
    "`asyncio.run`": lambda number: asyncio.run(hang(number)),
    "`async_to_sync`": async_to_sync(hang),
    "`@async_to_task`": async_to_task(hang),
}


def time_out(hangs):
    """Run tasks that never end, in three ways, and count how their time ends."""
    with trial.cluster("SQLite", timeout=4, workers=2, ack_failures=True) as running:
        rows = [(way, *count_ends(way, hangs, running)) for way in HANGS]
    heads = ("Way", "Error of the task", "Cleaned up", "Workers replaced")
    table = [heads, ("---", "---", "---:", "---:"), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


def count_ends(way, hangs, running):
    before = running.log.count("after timeout"), len(cleanings(running))
    errors = trial.call(running, errors_of, way, hangs)
    replaced = 0 if errors == ["TimeoutError"] else hangs
    trial.wait_until(
        lambda: running.log.count("after timeout") >= before[0] + replaced,
        60,
        lambda: running.log,
    )
    return (
        ", ".join(f"`{error}`" for error in errors),
        f"{len(cleanings(running)) - before[1]} of {hangs}",
        str(running.log.count("after timeout") - before[0]),
    )


def cleanings(running):
    return lines(running.environment, "cleaned")


def errors_of(way, hangs):
    """Enqueue tasks, wait until all have failed, and return the names of the errors."""
    before = set(Failure.objects.values_list("pk", flat=True))
    enqueue(run_out, hangs, way)
    failed = Failure.objects.exclude(pk__in=before)
    trial.wait_until(lambda: failed.count() == hangs, 400, lambda: f"{failed}")
    results = failed.values_list("result", flat=True)
    return sorted({re.findall(r"^(?:\w+\.)*(\w+)", r, re.M)[-1] for r in results})


def measure(rows=ROWS, tasks=200, kills=12, hangs=20):
    with ThreadPoolExecutor(3) as at_once:  # Each waits most of the time.
        timeouts, nothing = at_once.submit(time_out, hangs), at_once.submit(bare, tasks)
        results = [at_once.submit(count, row, tasks, kills) for row in rows]
        return {
            "tasks": tasks,
            "kills": kills,
            "away": AWAY,
            "rows": [result.result() for result in results],
            "bare": nothing.result(),
            "hangs": hangs,
            "timeouts": timeouts.result(),
        }
