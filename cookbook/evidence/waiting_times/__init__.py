"""Compare the waiting times of real tasks with those of the calculator.

The small size: one cluster, thirty tasks that wait. Nothing here depends on the pace of
the machine: no task begins before it is sent, and no more than four run at once.

>>> from cookbook.evidence.waiting_times import measure
>>> figures = measure(loads={0.5: 3}, kinds=["poll 0.2"], database="SQLite")
>>> row, = figures["rows"]
>>> row["load"], row["tasks"], row["calculator, ms"], row["measured, ms"] >= 0
(0.5, 30, 17, True)
>>> figures["at_once"]["poll 0.2"] <= 4
True

The calculator speaks of an endless time. On paper, in a long run, its mean comes out:

>>> from cookbook.evidence.waiting_times import ideal, random_tasks
>>> from cookbook.scaling.how_many_workers.forecast import Load, forecast
>>> for spread in (0, 1):
...     tasks = random_tasks(seed=1, arrivals=14, seconds=10_000, spread=spread)
...     waits = ideal(tasks, workers=4)
...     mean = forecast(Load(14, 0.2, spread)).wait
...     print(f"{sum(waits) / len(waits) / mean:.1f}")
1.0
1.0
"""

import heapq
import logging
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import accumulate

from django_q.models import Success
from django_q.tasks import async_task

from cookbook.harness import trial
from cookbook.scaling.how_many_workers.forecast import Load, forecast

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "timeout": 60,
    "retry": 600,
    "save_limit": 0,
    "recycle": 100_000,
}
RUN = 0.2  # seconds
WORKERS = 4
# The clusters that share the four workers, what they poll, the spread of the tasks.
KINDS = {
    "poll 0.2": (1, 0.2, 1),
    "poll 0.02": (1, 0.02, 1),
    "tasks all alike": (1, 0.02, 0),
    "two clusters": (2, 0.02, 1),
}
# The part of the time that the workers are busy, and for how many seconds.
LOADS = {0.5: 40, 0.7: 50, 0.9: 120}


def random_tasks(seed, arrivals, seconds, spread):
    """Return when tasks arrive, at random moments, and how long each runs."""
    numbers, tasks, moment = random.Random(seed), [], 0
    for _ in range(round(arrivals * seconds)):
        moment += numbers.expovariate(arrivals)
        run = numbers.expovariate(1 / RUN) if spread else RUN
        tasks.append((moment, run))
    return tasks


def ideal(tasks, workers):
    """Return how long each task waits for one of the workers, if nothing else costs."""
    free, waits = [0.0] * workers, []
    for moment, run in tasks:
        begin = max(moment, free[0])
        heapq.heapreplace(free, begin + run)
        waits.append(begin - moment)
    return waits


def typical(arrivals, seconds, spread, series=51):
    """Return the tasks of which the mean wait on paper is the median of many series."""
    many = [random_tasks(seed, arrivals, seconds, spread) for seed in range(series)]
    return sorted(many, key=lambda tasks: sum(ideal(tasks, WORKERS)))[series // 2]


def nap(moment, seconds):
    begin = time.time()
    time.sleep(seconds)
    return moment, seconds, begin


def feed(arrivals, seconds, spread):
    """Send the tasks at their moments; return moment, length and begin of each."""
    logging.getLogger("django-q").setLevel(logging.WARNING)  # Not a line for each.
    tasks, start = typical(arrivals, seconds, spread), time.time()
    for moment, run in tasks:
        time.sleep(max(0, start + moment - time.time()))
        async_task(nap, time.time(), run, group=f"{arrivals}")
    successes = Success.objects.filter(group=f"{arrivals}")
    trial.wait_until(
        lambda: successes.count() == len(tasks), 240, lambda: "the tasks are not done"
    )
    return sorted(task.result for task in successes)


def observe(kind, loads, database):
    """Run the clusters of a kind and feed them with each load; return its times."""
    clusters, poll, spread = KINDS[kind]
    settings = {
        "Q_CLUSTER": Q_CLUSTER | {"workers": WORKERS // clusters, "poll": poll},
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    times = {}
    with trial.workspace(settings, database) as environment, ExitStack() as running:
        for _ in range(clusters):
            running.enter_context(trial.Cluster(environment))
        for load, seconds in loads.items():
            arrivals = round(load * WORKERS / RUN)
            times[load] = trial.call(environment, feed, arrivals, seconds, spread)
    return times


def percentile(values):
    return sorted(values)[int(0.95 * len(values))]


def compare(kind, load, times):
    """Return a row: the calculator, the same tasks on paper, and what was measured."""
    clusters, _, spread = KINDS[kind]
    expected = forecast(
        Load(round(load * WORKERS / RUN), RUN, spread, workers=WORKERS // clusters,
             clusters=clusters)
    )  # fmt: skip
    paper = ideal([(moment, run) for moment, run, _ in times], WORKERS)
    waits = [begin - moment for moment, _, begin in times]
    return {
        "load": load,
        "cluster": kind,
        "tasks": len(times),
        "calculator, ms": round(expected.wait * 1000),
        "on paper, ms": round(statistics.mean(paper) * 1000),
        "measured, ms": round(statistics.mean(waits) * 1000),
        "added, ms": round((statistics.mean(waits) - statistics.mean(paper)) * 1000),
        "calculator, 95 %": round(expected.wait_95 * 1000),
        "on paper, 95 %": round(percentile(paper) * 1000),
        "measured, 95 %": round(percentile(waits) * 1000),
    }


def measure(loads=LOADS, kinds=tuple(KINDS), database="PostgreSQL"):
    """Run all kinds beside each other, one load after the other."""
    with ThreadPoolExecutor(len(kinds)) as pool:
        runs = pool.map(lambda kind: observe(kind, loads, database), kinds)
        times = dict(zip(kinds, runs, strict=True))
    return {
        "milliseconds": round(RUN * 1000),
        "workers": WORKERS,
        "rows": [
            compare(kind, load, times[kind][load]) for load in loads for kind in kinds
        ],
        "at_once": {kind: max(map(at_once, times[kind].values())) for kind in kinds},
    }


def at_once(times):
    """Return the most tasks that ran at the same time."""
    ends = [(begin + run, -1) for _, run, begin in times]
    steps = sorted(ends + [(begin, 1) for _, _, begin in times])
    return max(accumulate(change for _, change in steps))
