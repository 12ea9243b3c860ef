"""Measure how long a site on SQLite waits to write while a cluster works."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import transaction
from django_q.tasks import async_task

from cookbook.harness import trial

CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "timeout": 20,
    "retry": 240,
    "save_limit": 0,
}


def write():
    """Write one row, as most tasks do."""
    Group.objects.create(name=uuid4().hex)


def visit(seconds):
    """Write a row forty times a second, as a site does; return the ms of each wait."""
    waits, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.perf_counter()
        with transaction.atomic():  # It begins with BEGIN IMMEDIATE.
            waits.append((time.perf_counter() - begin) * 1000)
            write()
        time.sleep(0.025)
    return waits


def send(rate, seconds):
    """Send this number of tasks a second; return the number that it really was."""
    begin = time.monotonic()
    for number in range(rate * seconds):
        time.sleep(max(0, begin + number / rate - time.monotonic()))
        async_task(write)
    return rate * seconds / max(seconds, time.monotonic() - begin)


def measure(rates=(0, 10, 20, 40, 80, 160), seconds=8):
    """Return a row for each rate of tasks, from one run of one cluster."""
    settings = {"Q_CLUSTER": CLUSTER, "DATABASES": {"default": {"CONN_MAX_AGE": 600}}}
    rows = []
    with trial.workspace(settings) as site, ThreadPoolExecutor() as pool:
        cluster = trial.Cluster(site).start().wait(120)
        trial.call(site, visit, 1)  # To warm up.
        for rate in rates:
            sender = pool.submit(trial.call, site, send, rate, seconds)
            waits = trial.call(site, visit, seconds)
            late = sum(wait > 1 for wait in waits) / len(waits)
            rows.append({
                "tasks a second": round(sender.result()),
                "writes that wait, %": round(100 * late),
                "one in 20 waits, ms": round(statistics.quantiles(waits, n=20)[-1]),
                "longest, ms": round(max(waits)),
            })  # fmt: skip
        cluster.stop(240)
    return rows
