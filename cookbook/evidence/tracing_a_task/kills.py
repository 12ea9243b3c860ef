"""Kill each process of a cluster at each step of a task: what is lost, what goes on?

On one database, five clusters, each used until it is broken:

>>> from cookbook.evidence.tracing_a_task.kills import (
...     exit_code_without_sentinel, measure, sigterm,
... )
>>> figures = measure(["SQLite"], trials=1)
>>> for row in figures["rows"]:
...     print("{Killed:13}{At step:23}{Runs:<3}".format(**row), *list(row.values())[3:])
pusher       idle                   1   yes yes yes
pusher       broker.dequeue         1   yes yes yes
worker       idle                   0   no no yes
worker       pre_execute            1   yes yes yes
worker       the function           2   yes yes yes
worker       post_execute_in_worker 1   no no no
monitor      Task.save              2   yes yes yes
monitor      the hook               2   yes yes yes
monitor      idle                   2+  no no yes
monitor      broker.acknowledge     1   yes yes yes
monitor      post_execute           1   yes yes yes
sentinel     idle                   1   yes yes no
main process idle                   1   yes yes no

If the sentinel is killed, the main process ends and reports success:

>>> exit_code_without_sentinel()
0

SIGTERM to the main process lets the running task finish, SIGTERM to every process cuts
it off:

>>> sigterm(1, everyone=False, seconds=30)
{'cut_off': 0, 'hung': 0}
>>> figures["cut_off"]
1
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from cookbook.harness import trial

from . import client
from .follow import read
from .settings import Q_CLUSTER

# Each row is for one cluster, which is not fit for use after its last place.
PLACES = [
    [("pusher", "idle"), ("pusher", "broker.dequeue"), ("worker", "idle")],
    [("worker", "pre_execute"), ("worker", "the function"),
     ("worker", "post_execute_in_worker")],
    [("monitor", "Task.save"), ("monitor", "the hook"), ("monitor", "idle")],
    [("monitor", "broker.acknowledge"), ("monitor", "post_execute"),
     ("sentinel", "idle")],
    [("main process", "idle")],
]  # fmt: skip


def measure(databases=tuple(trial.DATABASES), trials=10):
    """Kill at every place on each database, then send SIGTERM to whole clusters."""
    tables = []
    for database in databases:
        with ThreadPoolExecutor(len(PLACES)) as pool:
            results = pool.map(kill, PLACES, [database] * len(PLACES))
            tables.append([row for rows in results for row in rows])
    return {
        "rows": tables[0],
        "same": all(rows == tables[0] for rows in tables),
        "trials": trials,
        **sigterm(trials, everyone=True, seconds=5),
    }


def kill(places, database):
    """Kill the processes of one cluster, one after the other; return a row for each."""
    with mortal_cluster(database) as cluster:
        return trial.call(cluster, client.kill_each, places)


def exit_code_without_sentinel():
    """Kill the sentinel and return the exit code of the main process."""
    with mortal_cluster() as cluster:
        trial.call(cluster, client.kill_idle, "sentinel")
        return cluster.process.wait(10)


def sigterm(times, everyone, seconds):
    """Send SIGTERM to a cluster that works, `times` over.

    Counts the tasks that were cut off, and the main processes that had not ended
    `seconds` later.
    """
    cut_off = hung = 0
    for _ in range(times):
        with mortal_cluster() as cluster:
            trial.call(cluster, client.interrupt, everyone)
            with suppress(subprocess.TimeoutExpired):
                cluster.process.wait(seconds)
            hung += 1 if cluster.process.poll() is None else 0
            steps = [line["step"] for line in read(cluster.environment)]
            cut_off += 0 if "post_execute_in_worker" in steps else 1
    return {"cut_off": cut_off, "hung": hung}


@contextmanager
def mortal_cluster(database="SQLite"):
    """Give a cluster that is killed in the end, because it may not stop."""
    with trial.workspace({"Q_CLUSTER": Q_CLUSTER}, database) as environment:
        cluster = trial.Cluster(environment).start()
        try:
            yield cluster.wait()
        finally:
            cluster.kill()
