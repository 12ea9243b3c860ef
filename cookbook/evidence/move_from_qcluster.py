"""Move from `manage.py qcluster` to the backend while tasks wait, and back.

The small size: one queue on SQLite, a change of command with tasks in it each time.

>>> from cookbook.evidence.move_from_qcluster import PHASES, measure
>>> figures = measure(["SQLite"], rounds=1)
>>> row, = figures["rows"]
>>> row["tasks"], row["lost"], row["run twice"]
(40, 0, 0)

Each command ran tasks when it was alone, and when both were running:

>>> counts = [row[column] for columns in PHASES for column in columns]
>>> all(counts), sum(counts) == row["tasks"]
(True, True)

At each change there were tasks left for the next:

>>> row["least left at a change"] > 0
True
"""

import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from django_q.tasks import async_task

from cookbook.harness.trial import (
    MANAGE,
    WORKER,
    Process,
    call,
    wait_until,
    workspace,
)

CLUSTER = {"name": "shop", "workers": 2, "queue_limit": 2, "timeout": 60, "retry": 300}
PROCESSES = {"worker": {"BACKEND": WORKER}}
BROKERS = {
    "SQLite": {"orm": "default"},
    "PostgreSQL": {"orm": "default"},
    "Redis": {"redis": "redis://localhost:6379/0"},
}
PLAIN, BACKEND = ["qcluster"], ["worker", "worker"]
# What runs at the same time: the columns of the table, and the command of each.
PHASES = {
    ("qcluster",): [PLAIN],
    ("worker",): [BACKEND],
    ("both: qcluster", "both: worker"): [PLAIN, BACKEND],
    ("qcluster again",): [PLAIN],
}


def work(number):
    """Do the task, and write down which cluster it began and ended in."""
    write_down("began", number)
    time.sleep(0.02)
    hold = Path(os.environ["WORKSPACE"]) / "hold"
    wait_until(lambda: not hold.exists(), 90, lambda: f"{number} was held")
    write_down("ended", number)


def write_down(what, number):
    with (Path(os.environ["WORKSPACE"]) / "executions").open("a") as file:
        file.write(f"{what} {number} {os.getpgid(0)}\n")


def executions(folder):
    """Return what was written down: (what, number of the task, its cluster)."""
    lines = (folder / "executions").read_text().splitlines()
    return [(what, *map(int, rest)) for what, *rest in map(str.split, lines)]


def enqueue(tasks):
    for number in range(tasks):
        async_task(work, number)


def phase(environment, commands):
    """Start clusters, let each begin a task, and stop them in the middle of it."""
    folder = Path(environment["WORKSPACE"])
    (folder / "hold").touch()  # What begins now does not end.
    started = [
        Process(environment, [sys.executable]).start(MANAGE, *command)
        for command in commands
    ]
    pids = [each.process.pid for each in started]
    logs = [each.wait(90).advice for each in started]
    wait_until(
        lambda: set(pids) <= {cluster for *_, cluster in executions(folder)},
        90,
        lambda: f"a cluster began nothing: {logs}",
    )
    for each in started:
        each.process.send_signal(signal.SIGTERM)
    for each in started:
        wait_until(lambda e=each: "stopping." in e.log, 90, lambda: logs)
    (folder / "hold").unlink()
    for each in started:  # A second SIGTERM can hang a cluster that is stopping.
        wait_until(
            lambda e=each: e.process.poll() is not None, 90, lambda e=each: e.advice
        )
    return pids


def finish(environment, tasks):
    """Let one plain `qcluster` do what is left."""
    folder = Path(environment["WORKSPACE"])
    with Process(environment, [sys.executable]).start(MANAGE, *PLAIN) as last:
        wait_until(
            lambda: len(ends(folder)) == tasks,
            180,
            lambda: f"{tasks - len(ends(folder))} tasks never ran.{last.advice}",
        )
    return [last.process.pid]


def ends(folder):
    return Counter(number for what, number, _ in executions(folder) if what == "ended")


def count(broker, rounds):
    """Change the command with tasks in the queue, `rounds` times; return a row."""
    tasks, least = 40 * rounds, []
    settings = {
        "Q_CLUSTER": CLUSTER | BROKERS[broker],
        "PRODUCTION_PROCESSES": PROCESSES,
    }
    database = "SQLite" if broker == "Redis" else broker
    with workspace(settings, database) as environment:
        folder = Path(environment["WORKSPACE"])
        (folder / "executions").touch()
        call(Process(environment), enqueue, tasks)
        *changing, last = PHASES
        owners = {}
        for _ in range(rounds):
            for columns in changing:
                pids = phase(environment, PHASES[columns])
                owners |= dict(zip(pids, columns, strict=True))
                least.append(tasks - len(ends(folder)))
        owners |= dict(zip(finish(environment, tasks), last, strict=True))
        journal = executions(folder)
    counts = Counter(owners[cluster] for what, _, cluster in journal if what == "ended")
    began = Counter(number for what, number, _ in journal if what == "began")
    return {
        "broker": broker,
        "tasks": tasks,
        **{column: counts[column] for columns in PHASES for column in columns},
        "lost": tasks - len({number for what, number, _ in journal if what == "ended"}),
        "run twice": sum(times > 1 for times in began.values()),
        "least left at a change": min(least),
    }


def measure(brokers=tuple(BROKERS), rounds=5):
    rows = [count(broker, rounds) for broker in brokers]
    return {"rows": rows, "rounds": rounds, "changes": 3 * rounds}
