"""Let many processes enqueue the same keys, and count tasks of which there are two.

First no cluster runs, and some processes have a clock that is a day wrong. Then the
processes enqueue again and again, while two clusters run the tasks and are killed.

>>> from cookbook.evidence.unique_tasks import measure
>>> from cookbook.evidence.unique_tasks.keys import count
>>> naive = ["cache.get, cache.set"]
>>> measure(tasks=100, processes=4, kills=0, ways=naive, names=[])["extra"] > 0
True
>>> orm = count("enqueue_once, SQLite", keys=20, processes=3, kills=1)
>>> orm["queued"], orm["duplicates"]
(20, 0)
>>> redis = count("enqueue_once, Redis", keys=20, processes=3, kills=1)
>>> redis["queued"], redis["duplicates"]
(20, 0)
"""

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from django.core.cache import cache
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness import trial
from cookbook.recipes.unique_tasks import unique, unique_redis

CLUSTER = {"name": "once", "workers": 2, "timeout": 10, "retry": 15, "save_limit": -1}
REDIS = {"orm": None, "redis": "redis://localhost:6379/0"}
AGE = 10  # Seconds until the key of a task that Redis has lost is free.
CLOCKS = [timedelta(days=days) for days in (0, 1, -1)]


def get_then_set(key, func, *arguments):
    """Do what is often advised, and does not work."""
    if cache.get(key):
        return None
    cache.set(key, True, AGE)
    return async_task(func, *arguments)


def once_on_redis(key, func, *arguments):
    return unique_redis.enqueue_once(key, func, *arguments, seconds=AGE)


# The function, the database, and what Q_CLUSTER changes.
WAYS = {
    "cache.get, cache.set": (get_then_set, "SQLite", {"orm": "default"}),
    "enqueue_once, SQLite": (unique.enqueue_once, "SQLite", {"orm": "default"}),
    "enqueue_once, PostgreSQL": (unique.enqueue_once, "PostgreSQL", {"orm": "default"}),
    "enqueue_once, Redis": (once_on_redis, "SQLite", REDIS),
}


def work(key):
    time.sleep(0.01)
    trial.write(f"ended {key} {time.monotonic()}")


def enqueue_at_once(way, keys, process):
    """Enqueue each key when all processes begin; the clock of some is wrong."""
    now, jump = timezone.now, CLOCKS[process % len(CLOCKS)]
    with patch.object(timezone, "now", lambda: now() + jump):
        begin(process)
        for key in range(keys):
            WAYS[way][0](f"key-{key}", work, key)


def begin(process):
    """Wait until the other processes are ready too."""
    trial.write(f"ready {process}")
    go = trial.journal().with_name("go")
    trial.wait_until(go.exists, 60, lambda: "nobody says go")


def enqueue_again(way, keys, process):
    """Enqueue each key, again and again until the experiment stops."""
    begin(process)
    stop = trial.journal().with_name("stop")
    while not stop.exists():
        for key in range(keys):
            asked = time.monotonic()
            if WAYS[way][0](f"key-{key}", work, key):
                trial.write(f"accepted {key} {asked} {time.monotonic()}")
        time.sleep(0.05)


def waiting():
    """Count what the broker still has, locked or not; Redis knows no locks."""
    broker = get_broker()
    return (broker.lock_size() or 0) + broker.queue_size()


class Crowd:
    """Processes that call a function of a project at the same time."""

    def __init__(self, project, processes, function, *arguments):
        self.folder = Path(project["WORKSPACE"])
        self.journal = self.folder / "journal"
        self.threads = ThreadPoolExecutor(processes)
        self.calls = [
            self.threads.submit(trial.call, project, function, *arguments, number)
            for number in range(processes)
        ]
        trial.wait_until(lambda: self.count("ready") == processes, 60, self.lines)
        (self.folder / "go").touch()

    def lines(self):
        text = self.journal.read_text() if self.journal.exists() else ""
        return [line.split() for line in text.splitlines()]

    def count(self, what):
        return sum(line[0] == what for line in self.lines())

    def end(self):
        for call in self.calls:
            call.result()
        self.threads.shutdown()


def at_once(way, keys, processes):
    """Return how many tasks are queued when all have enqueued every key."""
    with project_for(way) as project:
        Crowd(project, processes, enqueue_at_once, way, keys).end()
        return trial.call(project, waiting)


def project_for(way):
    _, database, broker = WAYS[way]
    return trial.workspace({"Q_CLUSTER": CLUSTER | broker}, database)


def count(way, keys, processes, kills):
    queued = at_once(way, keys, processes)
    with project_for(way) as project:
        crowd = Crowd(project, processes, enqueue_again, way, keys)
        clusters = [trial.Cluster(project).start() for _ in range(2)]
        for number in range(1, kills + 1):
            wait_for(crowd, number * keys)
            clusters.pop(0).kill()
            clusters.append(trial.Cluster(project).start())
        wait_for(crowd, (kills + 1) * keys)
        (crowd.folder / "stop").touch()
        crowd.end()
        for cluster in clusters:
            cluster.wait().stop()
        accepted, duplicates = judge(crowd.lines(), "Redis" in way)
    return {
        "way": way,
        "queued": queued,
        "accepted": accepted,
        "duplicates": duplicates,
    }


def wait_for(crowd, ended):
    trial.wait_until(lambda: crowd.count("ended") >= ended, 120, crowd.lines)


def judge(lines, expires):
    """Return how many tasks were accepted, and how many of them too soon.

    Between two of one key the first one ends, or it is lost and its key expires.
    """
    ends, accepts, duplicates = defaultdict(list), defaultdict(list), 0
    for what, key, *times in lines:
        if what == "ended":
            ends[key].append(float(times[0]))
        elif what == "accepted":
            accepts[key].append(tuple(map(float, times)))
    for key, times in accepts.items():
        for (asked, _), (_, accepted) in pairwise(sorted(times)):
            ended = any(asked < end < accepted for end in ends[key])
            duplicates += not (ended or (expires and accepted - asked >= AGE))
    return sum(map(len, accepts.values())), duplicates
