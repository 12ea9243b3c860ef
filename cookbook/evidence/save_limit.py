"""Measure what it costs to keep 50, 250 or 10,000 results, and what -1 gives up.

For each limit, the rows that are loaded and the statements that are run to save one
more result, when the table holds as many successes as it may:

>>> from django_q.models import Success
>>> from django_q.tasks import async_task
>>> from cookbook.evidence.save_limit import cost, fill, measure, nothing, store
>>> {limit: cost(limit) for limit in (-1, 0, 50, 250, 1000)}
{-1: (0, 0), 0: (0, 2), 50: (51, 7), 250: (251, 7), 1000: (1001, 7)}

A lower limit deletes nothing that is there; one old row goes for each new one:

>>> fill(300)
>>> for _ in range(20):
...     store(100)
>>> Success.objects.count()
300

A schedule deletes by age:

>>> from cookbook.scaling.save_limit.tasks import delete_old_results
>>> delete_old_results(days=30)
280

With 0 the hook of a success is called, and the next task of its chain is queued.
With -1 neither happens, because a success leaves nothing behind.

>>> from django_q.models import Failure, OrmQ
>>> store(0, name="hook of the first", hook="builtins.print", chain=[nothing])
hook of the first
>>> OrmQ.objects.count()
1
>>> store(-1, name="hook of the second", hook="builtins.print", chain=[nothing])
>>> OrmQ.objects.count()
1

Every failure is kept, at any limit, and so is a task that asks for it:

>>> for limit in (-1, 0, 1, 1):
...     store(limit, success=False)
>>> Failure.objects.count()
4
>>> store(-1, name="wanted", save=True)
>>> Success.objects.latest("stopped").name
'wanted'

The small size of the measurement:

>>> small = measure({-1: 20, 250: 20}, databases=["SQLite"], rounds=1)
>>> [(row["save_limit"], row["rows kept"]) for row in small["rows"]]
[(-1, 0), (250, 250)]
"""

import re
import statistics
import uuid
from datetime import timedelta
from unittest.mock import patch

from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import Success
from django_q.monitor import save_task
from django_q.tasks import async_task

from cookbook import upstream
from cookbook.harness import trial

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "timeout": 60,
    "retry": 600,
    "save_limit": 0,
}


def nothing():
    """Take no time, so that what is measured is Django-Q2."""


def fill(rows):
    """Replace the stored successes by `rows` that ended sixty days ago."""
    Success.objects.all().delete()
    then = timezone.now() - timedelta(days=60)
    Success.objects.bulk_create(
        Success(id=uuid.uuid4().hex, name="old", started=then, stopped=then)
        for _ in range(rows)
    )


def store(save_limit, **options):
    """Let the monitor's function store a task, in this process and under this limit."""
    now = timezone.now()
    task = {
        "id": uuid.uuid4().hex,
        "name": "task",
        "func": nothing,
        "args": (),
        "kwargs": {},
        "group": None,
        "cached": False,
        "sync": False,
        "started": now,
        "stopped": now,
        "result": None,
        "success": True,
    }
    with patch.object(Conf, "SAVE_LIMIT", save_limit):
        save_task(task | options, broker=None)


def cost(save_limit):
    """Return the rows loaded and the statements run to store one more result."""
    fill(max(save_limit, 0))
    loaded = []

    def count(instance, **_):
        loaded.append(instance)

    post_init.connect(count, sender=Success)
    with CaptureQueriesContext(connection) as statements:
        store(save_limit)
    post_init.disconnect(count, sender=Success)
    return len(loaded), len(statements)


def enqueue(tasks):
    for _ in range(tasks):
        async_task(nothing)


def count_rows():
    return Success.objects.count()


# Time in seconds with its fractions, which Django-Q2's own handler leaves out.
LOGGING = {
    "version": 1,
    "formatters": {"timed": {"format": "%(created)f %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "timed"}},
    "loggers": {"django-q": {"handlers": ["stderr"], "level": "INFO"}},
}


def rate(save_limit, tasks, database):
    """Return tasks per second from the first start to the last stored result, and rows.

    The table is full when it begins, and all tasks are in the queue.
    """
    settings = {
        "Q_CLUSTER": Q_CLUSTER
        | {"save_limit": save_limit, "bulk": 10, "recycle": 100_000},
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
        "LOGGING": LOGGING,
    }
    with trial.workspace(settings, database) as environment:
        trial.call(environment, fill, max(save_limit, 0))
        trial.call(environment, enqueue, tasks)
        with trial.Cluster(environment) as cluster:
            trial.wait_until(
                lambda: cluster.log.count(" Processed ") == tasks,
                120,
                lambda: f"{tasks} tasks were not done.{cluster.advice}",
            )
        count = trial.call(environment, count_rows)
        began = re.search(r"^(\S+) .* processing ", cluster.log, re.M)[1]
        ended = re.findall(r"^(\S+) Processed ", cluster.log, re.M)[-1]
        return tasks / (float(ended) - float(began)), count


TASKS = {-1: 800, 0: 800, 50: 500, 250: 300, 1000: 120, 10_000: 20}


def measure(tasks=TASKS, databases=("PostgreSQL", "SQLite"), rounds=2):
    """Measure each limit in turn, `rounds` times, with `tasks` `{limit: number}`."""
    runs = [
        (database, limit, *rate(limit, tasks[limit], database))
        for _ in range(rounds)
        for database in databases
        for limit in tasks
    ]
    default = int(upstream.settings()["save_limit"].default)
    rows = []
    for limit in tasks:
        row = {"save_limit": limit}
        for database in databases:
            speed, usual = (
                statistics.median(r[2] for r in runs if r[:2] == (database, which))
                for which in (limit, default)
            )
            row[f"{database}, tasks/s"] = round(speed)
            row[f"{database}, ratio"] = round(speed / usual, 2)
        row["rows kept"] = next(r[3] for r in runs if r[1] == limit)
        rows.append(row)
    return {
        "rounds": rounds,
        "chart": ["save_limit", f"{databases[0]}, tasks/s"],
        "rows": rows,
    }
