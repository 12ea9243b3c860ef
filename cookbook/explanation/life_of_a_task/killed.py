"""Kill each process of a cluster at each step of a task: what is lost, what goes on?

>>> import os
>>> from cookbook.explanation.life_of_a_task.killed import (
...     main_process_without_sentinel, measure, sigterm,
... )
>>> figures = measure(["SQLite"], trials=1)
>>> for row in figures["rows"]:
...     print("{killed:13}{at:23}{runs:<3}".format(**row), *list(row.values())[3:])
pusher       at rest                1   yes yes yes
pusher       broker.dequeue         1   yes yes yes
worker       at rest                0   no no yes
worker       pre_execute            1   yes yes yes
worker       the function           2   yes yes yes
worker       post_execute_in_worker 1   no no no
monitor      Task.save              2   yes yes yes
monitor      the hook               2   yes yes yes
monitor      at rest                2+  no no yes
monitor      broker.acknowledge     1   yes yes yes
monitor      post_execute           1   yes yes yes
sentinel     at rest                1   yes yes no
main process at rest                1   yes yes no

Without its sentinel the main process ends, and calls that a success:

>>> main_process_without_sentinel()
0

SIGTERM to the main process lets the running task finish:

>>> sigterm(os.kill, 1, seconds=30)
{'cut_off': 0, 'hung': 0}

SIGTERM to every process at once does not:

>>> figures["cut_off"]
1
"""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from cookbook.harness import trial

from .follow import read, run
from .settings import Q_CLUSTER

# Each row is for one cluster, which is not fit for use after its last place.
PLACES = [
    [("pusher", "at rest"), ("pusher", "broker.dequeue"), ("worker", "at rest")],
    [("worker", "pre_execute"), ("worker", "the function"),
     ("worker", "post_execute_in_worker")],
    [("monitor", "Task.save"), ("monitor", "the hook"), ("monitor", "at rest")],
    [("monitor", "broker.acknowledge"), ("monitor", "post_execute"),
     ("sentinel", "at rest")],
    [("main process", "at rest")],
]  # fmt: skip


def measure(databases=tuple(trial.DATABASES), trials=10):
    """Kill at every place on each database, then send SIGTERM to whole clusters."""
    tables = []
    for database in databases:
        with ThreadPoolExecutor(len(PLACES)) as pool:
            done = pool.map(kill, PLACES, [database] * len(PLACES))
            tables.append([row for rows in done for row in rows])
    return {
        "rows": tables[0],
        "same": all(rows == tables[0] for rows in tables),
        "trials": trials,
        **sigterm(os.killpg, trials, seconds=5),
    }


def kill(places, database):
    """Kill the processes of one cluster, one after the other; return a row for each."""
    with living(database) as (environment, _):
        return json.loads(run(environment, f"survive({places})"))


def main_process_without_sentinel():
    """Kill the sentinel and return the exit code of the main process."""
    with living("SQLite") as (environment, cluster):
        run(environment, "kill_at_rest('sentinel')")
        return cluster.process.wait(10)


def sigterm(send, times, seconds):
    """Let `os.kill` or `os.killpg` send SIGTERM to a cluster that works, `times` over.

    Counts the tasks that were cut off, and the main processes that had not ended
    `seconds` later.
    """
    counted = {"cut_off": 0, "hung": 0}
    for _ in range(times):
        with living("SQLite") as (environment, cluster):
            run(environment, f"interrupt(os.{send.__name__})")
            with suppress(subprocess.TimeoutExpired):
                cluster.process.wait(seconds)
            counted["hung"] += cluster.process.poll() is None
            steps = [line["step"] for line in read(environment)]
            counted["cut_off"] += "post_execute_in_worker" not in steps
    return counted


@contextmanager
def living(database):
    """Give a cluster that is not asked to stop in the end, because it may not."""
    with trial.workspace({"Q_CLUSTER": Q_CLUSTER}, database) as environment:
        cluster = trial.Cluster(environment).start()
        try:
            yield environment, cluster.wait()
        finally:
            cluster.kill()
