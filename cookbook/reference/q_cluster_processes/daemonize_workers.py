"""daemonize_workers: whether workers are daemons, which cannot use multiprocessing.

A task starts a process with `multiprocessing`, and another task with `subprocess`:

>>> from cookbook.reference.q_cluster_processes.daemonize_workers import edges, orphans
>>> print(edges())
| Value | A task uses `multiprocessing`; `subprocess` |
| --- | --- |
| `True` | daemonic processes are not allowed to have children; started |
| `False` | started; started |
| `0` | started; started |
| `None` | started; started |
| `"False"` | daemonic processes are not allowed to have children; started |

A task reaches its timeout, and its worker is replaced. How many processes that it
started go on?

>>> orphans(daemonize_workers=False)
1
"""

import subprocess
from multiprocessing import Process
from time import sleep

import psutil
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import (
    call,
    cluster,
    observe,
    processes,
    stop,
    table,
    wait_until,
)


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

        def strays():
            here = processes(running.environment["WORKSPACE"])
            family = [main, *main.children(recursive=True)]
            return [p for p in here if p not in family and p.is_running()]

        family = wait_until(strays, 60, lambda: f"no orphan:\n{running.log}")
        for process in family:
            process.kill()
        return len(family)


def edges():
    rows = {}
    for value in (True, False, 0, None, "False"):
        text = "`" + repr(value).replace("'", '"') + "`"
        with_library, with_command = children(daemonize_workers=value)
        rows[text] = f"{with_library}; {with_command}"
    return table(rows, ("Value", "A task uses `multiprocessing`; `subprocess`"))
