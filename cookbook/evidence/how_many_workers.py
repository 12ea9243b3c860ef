"""Measure how the number of workers changes what a cluster gets done.

>>> from cookbook.evidence.how_many_workers import enough, measure
>>> figures = measure([1, 2], tasks=4, seconds=0.02, rounds=1, database="SQLite")
>>> [row["workers"] for row in figures["rows"]]
[1, 2]

A worker runs one task at a time, so at most as many run at once as there are workers:

>>> [most <= workers for workers, most in figures["at_once"].items()]
[True, True]

Tasks that compute half of their time keep eight workers busy on four cores:

>>> enough(0.5, cores=4)
8
"""

import math
import os
import statistics
import time

from django.db import transaction
from django_q.models import Success
from django_q.tasks import async_task

from cookbook.harness import trial

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "timeout": 60,
    "retry": 600,
    "bulk": 10,
    "save_limit": 0,
    "ALT_CLUSTERS": {
        "workers-1": {"workers": 1},
        "workers-2": {"workers": 2},
        "workers-4": {"workers": 4},
        "workers-8": {"workers": 8},
    },
}
# The part of its time that a task computes; the rest of it waits.
KINDS = {"computes": 1, "half and half": 0.5, "waits": 0}


def enough(part, cores):
    """Return how many workers keep the cores busy; `part` of a task computes.

    >>> import time
    >>> function, arguments = time.sleep, [1]
    >>> taken, cpu = time.perf_counter(), time.process_time()
    >>> result = function(*arguments)
    >>> taken, cpu = time.perf_counter() - taken, time.process_time() - cpu
    >>> print(f"{cpu / taken:.2f}")
    0.00
    """
    return round(cores / part) if part else math.inf


def work(compute, wait):
    """Compute for a number of CPU-seconds, then wait; return begin and end."""
    began, until = time.time(), time.process_time() + compute
    while time.process_time() < until:
        pass
    time.sleep(wait)
    return began, time.time()


def feed(queue, tasks, seconds):
    """Send tasks of one kind after the other; return what each kind reached.

    It is `{kind: (tasks a second, most that ran at once)}`.
    """
    rates = {}
    for kind, part in KINDS.items():
        with transaction.atomic():
            for _ in range(tasks):
                async_task(work, seconds * part, seconds * (1 - part),
                           group=f"{queue} {kind}", cluster=queue)  # fmt: skip
        successes = Success.objects.filter(group=f"{queue} {kind}")
        trial.wait_until(
            lambda successes=successes: successes.count() == tasks,
            240,
            lambda: f"{queue}: not done",
        )
        times = [task.result for task in successes]
        spent = max(end for _, end in times) - min(begin for begin, _ in times)
        at_once = max(sum(b <= start < e for b, e in times) for start, _ in times)
        rates[kind] = tasks / spent, at_once
    return rates


def observe(workers, tasks, seconds, database):
    """Run a cluster with each number of workers, and feed it."""
    settings = {"Q_CLUSTER": Q_CLUSTER, "DATABASES": {"default": {"CONN_MAX_AGE": 600}}}
    rates = {}
    with trial.workspace(settings, database) as environment:
        for number in workers:
            name = f"workers-{number}"
            with trial.Cluster(environment | {"Q_CLUSTER_NAME": name}):
                rates[number] = trial.call(environment, feed, name, tasks, seconds)
    return rates


def measure(workers=(1, 2, 4, 8), tasks=60, seconds=0.1, rounds=2,
            database="PostgreSQL"):  # fmt: skip
    """Compare each number of workers with the first one, in each round."""
    runs = [observe(workers, tasks, seconds, database) for _ in range(rounds)]
    rows = []
    for number in workers:
        row = {"workers": number}
        for kind, part in KINDS.items():
            ratios = [run[number][kind][0] / run[workers[0]][kind][0] for run in runs]
            row[kind] = round(statistics.median(ratios), 1)
            row[f"{kind}, expected"] = min(number, enough(part, os.cpu_count()))
        rows.append(row)
    at_once = {
        number: max(run[number][kind][1] for run in runs for kind in KINDS)
        for number in workers
    }
    return {
        "tasks": tasks,
        "milliseconds": round(seconds * 1000),
        "rounds": rounds,
        "cores": os.cpu_count(),
        "rows": rows,
        "at_once": at_once,
        "chart": ["workers", "waits"],
    }
