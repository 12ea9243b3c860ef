"""What each setting costs or saves: one key changes, everything else stays.

A payload of 100,000 letters, as it stands in the queue:

>>> from cookbook.evidence.where_time_goes.curves import payload, packed
>>> plain, small = (packed(payload(100), compress) for compress in (False, True))
>>> plain > 130_000, small < 40_000
(True, True)
"""

import logging
import random
import re
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
from django.db import transaction
from django_q.signing import SignedPackage
from django_q.tasks import async_task, result

from cookbook.evidence.save_limit import LOGGING
from cookbook.harness import trial

from .steps import project

# With these settings Django-Q2 is fast, so the effect of one key is seen.
FAST = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "timeout": 60,
    "retry": 600,
    "save_limit": 0,
    "bulk": 10,
    "recycle": 100_000,
}
REDIS = {"orm": None, "redis": "redis://localhost:6379/0"}
# Each setting: `{value: (changes, tasks, value to compare with)}`. Beside keys of
# Q_CLUSTER a change names `age`, which is CONN_MAX_AGE, the `payload` in KB, and
# `redis cache`.
CURVES = {
    "CONN_MAX_AGE": {
        "0": ({"age": 0}, 120, "0"),
        "600": ({}, 500, "0"),
    },
    "CONN_MAX_AGE, Redis broker": {
        "0": ({"age": 0} | REDIS, 200, "0"),
        "600": (REDIS, 600, "0"),
    },
    "bulk": {str(n): ({"bulk": n}, 500, "1") for n in (1, 10, 50)},
    "compress": {
        f"{name}{', compressed' * on}": (
            {"payload": size, "compress": on}, tasks, name,
        )
        for name, size, tasks in (("100 KB", 100, 100), ("1 MB", 1000, 20))
        for on in (False, True)
    },
    "cached": {
        "database": ({}, 500, "database"),
        "file cache": ({"cached": 600}, 500, "database"),
        "Redis cache": ({"cached": 600, "redis cache": True}, 500, "database"),
    },
    "recycle": {
        "100": ({"recycle": 100}, 600, "500"),
        "500": ({"recycle": 500}, 1200, "500"),
        "100,000": ({}, 1200, "500"),
    },
    "guard_cycle": {
        str(n): ({"guard_cycle": n, "recycle": 50}, 300, "0.5") for n in (0.125, 0.5, 1)
    },
}  # fmt: skip
POLLS = {"0.02": 0.02, "0.05": 0.05, "0.2": 0.2, "1": 1}


def payload(size):
    """Return text of so many thousand letters, as much alike as most data is."""
    prices = random.Random(1).choices(range(10_000), k=size * 40)
    rows = (f'{{"order": {n}, "price": {price}}}, ' for n, price in enumerate(prices))
    return "".join(rows)[: size * 1000]


def packed(argument, compress):
    """Return the size of a task with this argument in the queue."""
    return len(SignedPackage.dumps({"args": (argument,)}, compressed=compress))


def nothing(*_):
    """Take no time, so that what is measured is Django-Q2."""


def enqueue(tasks, size):
    logging.getLogger("django-q").setLevel(logging.WARNING)  # Not a line for each.
    with transaction.atomic():  # Else every task is a connection of its own.
        for _ in range(tasks):
            async_task(nothing, *[payload(size)] * (size > 0))


def speed(changes, tasks, database):
    """Return the tasks a second from the first start to the last stored result."""
    keys = {k: v for k, v in changes.items() if k not in ("age", "payload")}
    with ExitStack() as stack:
        settings = {"LOGGING": LOGGING}
        if keys.pop("redis cache", False):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = stack.enter_context(trial.redis_server(folder))
            backend = "django.core.cache.backends.redis.RedisCache"
            settings["CACHES"] = {"default": {"BACKEND": backend, "LOCATION": url}}
        settings["Q_CLUSTER"] = FAST | keys
        settings["DATABASES"] = {"default": {"CONN_MAX_AGE": changes.get("age", 600)}}
        place = stack.enter_context(project(settings, database))
        trial.call(place, enqueue, tasks, changes.get("payload", 0))
        with trial.Cluster(place) as cluster:
            trial.wait_until(
                lambda: cluster.log.count(" Processed ") == tasks,
                240,
                lambda: f"{tasks} tasks were not done.{cluster.advice}",
            )
        began = re.search(r"^(\S+) .* processing ", cluster.log, re.M)[1]
        ended = re.findall(r"^(\S+) Processed ", cluster.log, re.M)[-1]
        return tasks / (float(ended) - float(began))


def delays(sends):
    """Send tasks to an idle cluster; return the median milliseconds to their begin."""
    times = []
    for _ in range(sends):
        time.sleep(random.uniform(0, 0.3))  # Not in step with the broker's poll.
        start = time.time()
        times.append(result(async_task(time.time), wait=60_000) - start)
    return statistics.median(times) * 1000


def idle(poll, sends, seconds, database):
    """Return the delay of a task, and the CPU that the idle cluster needs a second."""
    settings = {
        "Q_CLUSTER": FAST | {"poll": poll},
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    with project(settings, database) as place, trial.Cluster(place) as cluster:
        delay = trial.call(place, delays, sends)
        processes = psutil.Process(cluster.process.pid).children(recursive=True)
        before = cpu(processes)
        time.sleep(seconds)  # It is watched while it does nothing.
        spent = (cpu(processes) - before) / seconds * 1000
    return {"ms to start": round(delay), "idle CPU, ms/s": round(spent, 1)}


def cpu(processes):
    return sum(sum(process.cpu_times()[:2]) for process in processes)
