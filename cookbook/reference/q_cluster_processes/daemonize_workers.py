"""daemonize_workers: whether a worker is a daemon, which may not have children.

What a task gets that starts a process with multiprocessing, then with subprocess:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_processes.daemonize_workers import (
...     children, orphans,
... )
>>> children(daemonize_workers=True)
['daemonic processes are not allowed to have children', 'started']
>>> children(daemonize_workers=False)
['started', 'started']

At the edges, a value is true or false as Python sees it:

>>> children(daemonize_workers=0), children(daemonize_workers=None)
(['started', 'started'], ['started', 'started'])
>>> children(daemonize_workers="False")
['daemonic processes are not allowed to have children', 'started']

A task reaches its timeout, and its worker is replaced. What it started goes on:

>>> orphans(daemonize_workers=False)
1

Who reads it:

>>> readers("daemonize_workers")
['cluster.py']
"""

import subprocess
from multiprocessing import Process
from time import sleep

import psutil
from django_q.tasks import async_task, fetch

from cookbook.harness import trial
from cookbook.harness.trial import call, cluster, observe, stop


def with_multiprocessing(seconds):
    child = Process(target=sleep, args=[seconds])
    child.start()
    child.join()
    return "started"


def with_subprocess(seconds):
    subprocess.run(["sleep", str(seconds)], check=True)
    return "started"


def send():
    """Send a task of each kind; return its result, or what its error says."""
    tasks = [
        async_task(kind, 0, timeout=60)
        for kind in (with_multiprocessing, with_subprocess)
    ]
    ends = [fetch(task, wait=60_000).result.split(" : ")[0] for task in tasks]
    stop()
    return ends


def children(**changes):
    return observe(send, **changes)


def linger():
    async_task(with_multiprocessing, 600)


def orphans(**changes):
    """Return how many processes are left without a parent after a timeout."""
    with cluster("SQLite", **changes) as running:
        call(running, linger)
        main = psutil.Process(running.process.pid)

        def lost():
            here = trial.processes(running.environment["WORKSPACE"])
            family = [main, *main.children(recursive=True)]
            return [p for p in here if p not in family and p.is_running()]

        found = trial.wait_until(lost, 60, lambda: f"no orphan:\n{running.log}")
        for process in found:
            process.kill()
        return len(found)
