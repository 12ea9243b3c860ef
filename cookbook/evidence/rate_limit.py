"""Count the calls in the worst second, while clusters are killed and clocks jump.

The small size: three of the faults, one on each broker and database.

>>> from cookbook.evidence.rate_limit import measure
>>> runs = {
...     "SQLite": ["kill -9"],
...     "PostgreSQL": ["database gone for 5 s"],
...     "Redis": ["clock an hour back"],
... }
>>> for row in measure(runs, tasks=24)["rows"]:
...     print(row["lost"], row["worst second"] <= 20)
0 True
0 True
0 True
"""

import os
import signal
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from django.db.models import F
from django_q.brokers import get_broker
from django_q.signals import pre_enqueue
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from cookbook.evidence.recipes_under_faults.servers import PostgreSQL
from cookbook.harness import trial
from cookbook.recipes.rate_limit.limits import LATE, LIMITS, interval, wait_for_slot
from cookbook.recipes.rate_limit.models import Slot

CLUSTER = {"name": "shop", "workers": 4, "timeout": 14, "retry": 16, "save_limit": -1}
ORM = "cookbook.recipes.rate_limit.brokers.LimitedORM"
REDIS = "cookbook.recipes.rate_limit.redis_brokers.LimitedRedis"
BROKER = {
    "SQLite": {"orm": "default", "broker_class": ORM},
    "PostgreSQL": {"orm": "default", "broker_class": ORM},
    "Redis": {"redis": "", "broker_class": REDIS},
}


def call_partner(number):
    """Take a slot, and write down when the call begins."""
    wait_for_slot("partner")
    trial.write(f"call {number} {time.monotonic()} {os.getpid()}")
    time.sleep(0.05)


def work(number):
    """Do a task that calls nobody."""
    time.sleep(0.05)
    trial.write(f"work {number} {time.monotonic()} {os.getpid()}")


def enqueue(tasks, queue, times):
    """Enqueue all calls, then as many other tasks."""
    packages = []
    pre_enqueue.connect(lambda task, **_: packages.append(dict(task)), weak=False)
    for number in range(tasks):
        async_task(call_partner, number, cluster=queue)
    again, broker = packages * (times - 1), get_broker(queue)
    _ = [broker.enqueue(SignedPackage.dumps(package)) for package in again]
    for number in range(tasks):
        async_task(work, number)
    trial.write(f"begin 0 {time.monotonic()} 0")


def waiting(queue):
    """Count what the broker still has, locked or not; Redis knows no locks."""
    brokers = [get_broker(), get_broker(queue)]
    return sum((broker.lock_size() or 0) + broker.queue_size() for broker in brokers)


def move_clock(hours):
    """Move what is stored: it is all that the limit knows of the time before."""
    Slot.objects.update(free=F("free") - timedelta(hours=hours))


def lines(folder, what):
    """Return the journal's lines of one kind: [(number, when, pid)]."""
    rows = map(str.split, (folder / "journal").read_text().splitlines())
    return [
        (int(number), float(when), int(pid))
        for kind, number, when, pid in rows
        if kind == what
    ]


def worst(times, seconds=1):
    """Return the most calls in any window of this length."""
    times = sorted(times)
    return max(sum(begin <= t < begin + seconds for t in times) for begin in times)


@contextmanager
def place(broker, fault):
    """Give a project, and the server of its database if the fault is its end."""
    settings = {
        "Q_CLUSTER": CLUSTER | BROKER[broker],
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    on = "PostgreSQL" if broker == "PostgreSQL" else "SQLite"
    with trial.workspace(settings, on) as environment, ExitStack() as stack:
        server = None
        if fault.startswith("database"):
            server = PostgreSQL(environment)
            server.start()
            stack.callback(lambda: server.stop())
            environment |= {"DATABASE_URL": server.url}
            trial.Process(environment).manage("migrate", "--verbosity=0")
        yield environment, server


def kill(environment, server, clusters, folder):
    """Kill a worker that has just called, then all of both clusters; start two more."""
    os.kill(lines(folder, "call")[-1][2], signal.SIGKILL)
    for place in range(len(clusters)):
        clusters[place].kill()
        clusters[place] = trial.Cluster(environment).start()


def stop_database(environment, server, clusters, folder):
    server.stop()
    end = time.monotonic() + 5
    trial.wait_until(lambda: time.monotonic() > end, 9, str)
    server.start()


HARM = {
    "kill -9": kill,
    "database gone for 5 s": stop_database,
    "clock an hour forward": lambda e, *_: trial.call(e, move_clock, 1),
    "clock an hour back": lambda e, *_: trial.call(e, move_clock, -1),
}
FAULTS = ("none, but workers that wait", "none", "each task delivered twice", *HARM)


def count(broker, fault, tasks):
    """Enqueue, do harm after a third and after two thirds of the calls, and count."""
    queue = "shop" if fault.endswith("wait") else "partner"
    times = 2 if fault.endswith("twice") else 1
    with place(broker, fault) as (environment, server):
        folder = Path(environment["WORKSPACE"])
        trial.call(environment, enqueue, tasks, queue, times)
        clusters = [trial.Cluster(environment).start() for _ in range(2)]
        for part in (1, 2):
            trial.wait_until(
                lambda part=part: len(lines(folder, "call")) > part * tasks * times / 3,
                120,
                lambda: f"no call was made.{clusters[0].advice}",
            )
            if part == 1 or not server:
                harm = HARM.get(fault, lambda *_: None)
                harm(environment, server, clusters, folder)
        trial.wait_until(
            lambda: trial.call(environment, waiting, queue) == 0,
            180,
            lambda: f"the queue never became empty.{clusters[0].advice}",
        )
        for cluster in clusters:  # It ends what it has fetched.
            cluster.stop()
        calls, others = lines(folder, "call"), lines(folder, "work")
        begin = min(when for kind in (calls, others) for _, when, _ in kind)
    made = Counter(number for number, _, _ in calls)
    when = [when for _, when, _ in calls]
    return {
        "broker, fault": f"{broker}, {fault}",
        "calls": len(calls),
        "worst second": worst(when),
        "calls a second": round((len(calls) - 1) / (max(when) - min(when)), 1),
        "other tasks after, s": round(max(w for _, w, _ in others) - begin, 1),
        "lost": tasks - len(made),
        "called twice": sum(number > 1 for number in made.values()),
    }


RUNS = {
    "SQLite": [fault for fault in FAULTS if not fault.startswith("database")],
    "PostgreSQL": FAULTS,
    "Redis": FAULTS,
}


def measure(runs=RUNS, tasks=200):
    rows = [count(on, fault, tasks) for on, faults in runs.items() for fault in faults]
    waits = [
        (row["broker, fault"].split(", ", 1)[1], row["other tasks after, s"])
        for row in rows
    ]
    return {
        "tasks": tasks,
        "limit": LIMITS["partner"][0],
        "most_a_second": round(1 / interval("partner"), 1),
        "most_a_minute": round(99 * 60 / (60 + LATE), 1),
        "retry": CLUSTER["retry"],
        "runs": len(rows),
        "worst": max(row["worst second"] for row in rows),
        "free": max((s for name, s in waits if name == "none"), default=0),
        "blocked": min((s for name, s in waits if name.endswith("wait")), default=0),
        "rows": rows,
    }
