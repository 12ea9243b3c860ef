"""Kill clusters and workers in the middle of tasks, and count what is lost.

The small size: `kill -9` to one whole cluster, then to one worker of the next.

>>> from cookbook.evidence.lost_on_kill import measure
>>> figures = measure(["Redis", "SQLite"], queue_limits=[4], tasks=30, kills=1)
>>> redis, orm = figures["rows"]

Redis loses at most what two workers ran, four tasks in memory, and one in the pusher:

>>> 0 < redis["lost with clusters"] <= 2 + 4 + 1
True
>>> redis["lost with a worker"]
1
>>> redis["begun twice"]
0

The ORM broker loses nothing; what was cut off began once more:

>>> orm["ran"], orm["lost with clusters"], orm["lost with a worker"]
(30, 0, 0)
>>> orm["begun twice"] > 0
True
"""

import os
import signal
import time
from collections import Counter
from pathlib import Path

from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness import trial
from cookbook.harness.servers import DATABASES

CLUSTER = {"name": "killed", "workers": 2, "timeout": 3, "retry": 4, "save_limit": -1}
BROKERS = {
    "Redis": {"redis": "redis://localhost:6379/0"},
    "SQLite": {"orm": "default"},
    "PostgreSQL": {"orm": "default"},
}


def work(number):
    """Do the task, and write down when it begins and when it has ended."""
    folder = Path(os.environ["WORKSPACE"])
    write_down(folder, "began", number)
    time.sleep(0.05)
    trial.wait_until(
        lambda: not (folder / "hold").exists(), 60, lambda: f"{number} was not released"
    )
    write_down(folder, "ended", number)


def write_down(folder, what, number):
    """Add a line to the journal of all tasks."""
    with (folder / "executions").open("a") as file:
        file.write(f"{what} {number} {os.getpid()}\n")


def executions(folder):
    """Return what was written down: (what, number of the task, pid of the worker)."""
    lines = (folder / "executions").read_text().splitlines()
    return [
        (what, int(number), int(pid)) for what, number, pid in map(str.split, lines)
    ]


def enqueue(tasks):
    for number in range(tasks):
        async_task(work, number)


def waiting():
    """Count what the broker still has, locked or not; Redis knows no locks."""
    broker = get_broker()
    # A lock that ends between the two counts is counted twice, and not overlooked.
    return (broker.lock_size() or 0) + broker.queue_size()


def kill_cluster(environment, folder):
    """Kill every process of a new cluster when it has done tasks and begun another."""
    before = len(executions(folder))
    cluster = trial.Cluster(environment).start()

    def in_the_middle():
        lines = executions(folder)
        return len(lines) > before + 8 and lines[-1][0] == "began"

    trial.wait_until(in_the_middle, 60, lambda: f"nothing ran.{cluster.advice}")
    cluster.kill()


def kill_worker(folder, cluster):
    """Start a cluster, kill the first worker that has a task; return the task."""
    before = len(executions(folder))
    (folder / "hold").touch()  # What begins now does not end.
    cluster.start()
    _, number, pid = trial.wait_until(
        lambda: executions(folder)[before:], 60, lambda: f"nothing ran.{cluster.advice}"
    )[0]
    os.kill(pid, signal.SIGKILL)
    (folder / "hold").unlink()
    return number


def count(broker, queue_limit, tasks, kills):
    """Enqueue tasks, kill what works on them, let a last cluster finish, and count."""
    settings = {
        "Q_CLUSTER": CLUSTER | BROKERS[broker] | {"queue_limit": queue_limit},
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    database = broker if broker in DATABASES else "SQLite"
    with trial.workspace(settings, database) as environment:
        folder = Path(environment["WORKSPACE"])
        (folder / "executions").touch()
        trial.call(environment, enqueue, tasks)
        for _ in range(kills):
            kill_cluster(environment, folder)
        last = trial.Cluster(environment)
        victim = kill_worker(folder, last)
        with last:
            trial.wait_until(
                lambda: trial.call(environment, waiting) == 0,
                120,
                lambda: f"the queue never became empty.{last.advice}",
            )  # Then it ends what it has fetched and stops.
        lines = executions(folder)
    began = Counter(number for what, number, _ in lines if what == "began")
    ended = Counter(number for what, number, _ in lines if what == "ended")
    with_worker = int(victim not in ended)
    return {
        "broker, queue_limit": f"{broker}, {queue_limit}",
        "ran": len(ended),
        "lost with clusters": tasks - len(ended) - with_worker,
        "lost with a worker": with_worker,
        "begun twice": sum(times > 1 for times in began.values()),
        "ended twice": sum(times > 1 for times in ended.values()),
    }


def measure(brokers=tuple(BROKERS), queue_limits=(4, 50), tasks=400, kills=5):
    return {
        "tasks": tasks,
        "kills": kills,
        "chart": ["broker, queue_limit", "lost with clusters"],
        "rows": [
            count(broker, queue_limit, tasks, kills)
            for broker in brokers
            for queue_limit in queue_limits
        ],
    }
