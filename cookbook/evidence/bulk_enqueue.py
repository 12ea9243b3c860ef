"""Measure one call for many tasks, and stop it in the middle.

The small size:

>>> from cookbook.evidence.bulk_enqueue import FORGET, GONE, PICKLE, count, measure
>>> figures = measure(
...     runs={"SQLite": [PICKLE]}, setups=["SQLite", "Redis"], kills=1, tasks=60,
...     rounds=1, loops=20, many=400, most=1000,
... )
>>> [row["times the loop"] > 1 for row in figures["rows"]]
[True, True]
>>> figures["megabytes"] < 50, figures["milliseconds"] < 10_000
(True, True)

A loop leaves in the queue what came before the fault, the call leaves nothing:

>>> print(figures["faults"])
| broker, fault | loop | one call | raised | called again | ran |
| --- | ---: | ---: | --- | ---: | ---: |
| SQLite, an item that cannot be pickled | 50 | 0 | BadItemError | 60 | 20 |
>>> for broker, fault in [("PostgreSQL", GONE), ("Redis", GONE), ("Redis", FORGET)]:
...     row = count(broker, fault, tasks=60)
...     print(row["one call"], row["raised"], row["called again"], row["ran"])
0 OperationalError 60 20
0 ConnectionError 60 20
0 RuntimeError 60 20

A process that calls is killed at any moment; each call has queued all or nothing:

>>> print(figures["at_random"])
| broker | kills | partly | missing |
| --- | ---: | ---: | ---: |
| SQLite | 1 | 0 | 0 |
"""

import os
import random
import resource
import signal
import statistics
import subprocess
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.evidence.recipes_under_faults.servers import Redis, own_postgresql
from cookbook.harness import trial
from cookbook.harness.servers import living
from cookbook.scaling.bulk_enqueue import bulk
from cookbook.scaling.bulk_enqueue.bulk import async_tasks
from cookbook.site.figures import table

CLUSTER = {"name": "shop", "timeout": 60, "retry": 120}
ORM = CLUSTER | {"orm": "default"}
KEPT = {"DATABASES": {"default": {"CONN_MAX_AGE": 600}}}
SETUPS = {
    "PostgreSQL, 0": ("PostgreSQL", {"Q_CLUSTER": ORM}),
    "PostgreSQL, 600": ("PostgreSQL", {"Q_CLUSTER": ORM} | KEPT),
    "SQLite": ("SQLite", {"Q_CLUSTER": ORM}),
    "Redis": ("SQLite", {"Q_CLUSTER": CLUSTER | {"redis": ""}}),
}
RATIOS = {
    "loop": "times the loop",
    "one broker": "times one broker",
    "one broker, atomic": "times atomic",
}
LAST = 20  # Tasks that a cluster runs at the end of each fault.


def loop(items):
    return [async_task(trial.write, item) for item in items]


def loop_with_one_broker(items):
    broker = get_broker()
    return [async_task(trial.write, item, broker=broker) for item in items]


def loop_in_transaction(items):
    with transaction.atomic():
        return loop_with_one_broker(items)


def one_call(items):
    return async_tasks(trial.write, items)


WAYS = {
    "loop": loop,
    "one broker": loop_with_one_broker,
    "one broker, atomic": loop_in_transaction,
    "one call": one_call,
}


def rates(loops, tasks, rounds):
    """Return tasks a second of each way in each round, one way after the other."""
    runs = []
    for _ in range(rounds):
        run = {}
        for name, way in WAYS.items():
            number = tasks if way is one_call else loops
            begin = time.perf_counter()
            assert len(way(range(number))) == number
            run[name] = number / (time.perf_counter() - begin)
            get_broker().purge_queue()
        runs.append(run)
    return runs


def measure_rates(setups, loops, tasks, rounds):
    rows = []
    for setup in setups:
        database, settings = SETUPS[setup]
        with trial.workspace(settings, database) as environment:
            runs = trial.call(environment, rates, loops, tasks, rounds, log=True)
        row = {"queue": setup}
        for way in WAYS:
            row[f"{way}, tasks/s"] = round(statistics.median(run[way] for run in runs))
        for way, head in RATIOS.items():
            ratio = statistics.median(run["one call"] / run[way] for run in runs)
            row[head] = round(ratio) if ratio >= 10 else round(ratio, 1)
        rows.append(row)
    return rows


def memory(tasks):
    """Return how many megabytes this process grew in one call."""
    one_call(range(1000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    one_call(str(number) for number in range(tasks))
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def measure_memory(tasks):
    with trial.workspace({"Q_CLUSTER": ORM} | KEPT, "PostgreSQL") as environment:
        return round(trial.call(environment, memory, tasks))


def slowest(tasks):
    """Return for how many milliseconds the last command of a call kept Redis busy."""
    redis = get_broker().connection
    redis.config_set("slowlog-log-slower-than", 0)
    one_call(range(tasks))
    log = redis.slowlog_get(10)
    return max(row["duration"] / 1000 for row in log if row["command"][:4] == b"EVAL")


def measure_move(tasks):
    with place("Redis", "") as (environment, _):
        return round(trial.call(environment, slowest, tasks))


def items(tasks, fault, victim=0, number=0):
    """Give items, and do harm before the last sixth of them."""
    for item in range(tasks):
        if item == tasks * 5 // 6 and fault:
            strike(fault, victim, number)
            item = items(0, "") if fault.endswith("pickled") else item
        yield item


def strike(fault, victim, number):
    """Kill a server, or this process, or let Redis forget what it has."""
    if number:
        os.kill(victim or os.getpid(), number)
        trial.wait_until(
            lambda: not living(lambda pid: pid == victim), 60, lambda: "still alive"
        )
    elif fault.endswith("everything"):
        get_broker().connection.flushall()


def enqueue(way, tasks, fault, victim, number):
    """Enqueue in ten batches; return the class of what was raised."""
    bulk.BATCH = tasks // 10
    try:
        WAYS[way](items(tasks, fault, victim, number))
    except Exception as error:
        return type(error).__name__
    return "nothing"


def take():
    """Empty the queue; return how many tasks it had."""
    broker = get_broker()
    size = broker.queue_size()
    broker.purge_queue()
    return size


def again(tasks):
    """Call again; return what is in the queue, and leave other tasks for a cluster."""
    bulk.BATCH = tasks // 10
    one_call(items(tasks, ""))
    size = take()
    one_call(range(LAST))
    return size


KILL, GONE, PICKLE, FORGET = FAULTS = (
    "the process is killed",
    "the server is killed",
    "an item that cannot be pickled",
    "Redis forgets everything",
)
RUNS = {
    "SQLite": (KILL, PICKLE),
    "PostgreSQL": (KILL, GONE, PICKLE),
    "Redis": (KILL, GONE, PICKLE, FORGET),
}


@contextmanager
def place(broker, fault):
    """Give a project, and a server of its own where the fault stops it."""
    on_redis = broker == "Redis"
    settings = {"Q_CLUSTER": CLUSTER | {"redis": ""} if on_redis else ORM}
    database = "SQLite" if on_redis or fault == GONE else broker
    if fault == GONE:
        settings = {"Q_CLUSTER": ORM}
    with trial.workspace(settings, database) as environment, ExitStack() as stack:
        server = None
        if fault == GONE and on_redis:
            server = Redis(environment, "--appendonly", "yes")
            server.start()
            stack.callback(lambda: server.stop())
            own = {"Q_CLUSTER": CLUSTER | {"redis": server.url}}
            environment["RECIPE_SETTINGS"] = repr(own)
        elif fault == GONE:
            server = stack.enter_context(own_postgresql(environment))
        yield environment, server


def count(broker, fault, tasks):
    """Do harm in a loop and in a call; count what is in the queue after each."""
    row = {"broker, fault": f"{broker}, {fault}"}
    with place(broker, fault) as (environment, server):
        error = ""
        for way in ("loop", "one call"):
            # PostgreSQL then frees the memory that it shares; Redis has none.
            gone = signal.SIGQUIT if broker == "PostgreSQL" else signal.SIGKILL
            number = {KILL: signal.SIGKILL, GONE: gone}.get(fault, 0)
            victim = server.process.pid if server else 0
            with suppress(subprocess.CalledProcessError):  # It was killed.
                error = trial.call(
                    environment,
                    enqueue,
                    way,
                    tasks,
                    fault,
                    victim,
                    int(number),
                    log=True,
                )
            if server:
                server.start()
            row[way] = trial.call(environment, take)
        row["raised"] = error
        row["called again"] = trial.call(environment, again, tasks)
        journal = Path(environment["WORKSPACE"], "journal")
        with trial.Cluster(environment) as cluster:
            trial.wait_until(
                lambda: (
                    journal.exists() and len(journal.read_text().splitlines()) >= LAST
                ),
                120,
                lambda: f"the tasks did not run.{cluster.advice}",
            )
        row["ran"] = len(journal.read_text().splitlines())
    return row


def call_often(seconds, calls, tasks):
    """Call until a timer ends this process; 0 sets none. Return the seconds of it."""
    bulk.BATCH = tasks // 10
    signal.setitimer(signal.ITIMER_REAL, seconds)
    begin = time.perf_counter()
    for _ in range(calls):
        one_call(range(tasks))
        trial.write("returned")
    return time.perf_counter() - begin


def kill_often(broker, kills, tasks):
    """Kill a process that calls at any moment; return what went wrong."""
    partly = missing = 0
    with place(broker, KILL) as (environment, _):
        journal = Path(environment["WORKSPACE"], "journal")
        usual = trial.call(environment, call_often, 0, 1, tasks)
        for _ in range(kills):
            trial.call(environment, take)
            journal.write_text("")
            seconds = random.uniform(usual / 10, usual * 2)
            with suppress(subprocess.CalledProcessError):
                trial.call(environment, call_often, seconds, 10_000, tasks)
            whole, rest = divmod(trial.call(environment, take), tasks)
            partly += bool(rest)
            missing += whole < len(journal.read_text().splitlines())
    return {"broker": broker, "kills": kills, "partly": partly, "missing": missing}


def measure(runs=RUNS, setups=tuple(SETUPS), kills=10, tasks=600, rounds=5, loops=200,
            many=10_000, most=100_000):  # fmt: skip
    rows = [count(on, fault, tasks) for on, faults in runs.items() for fault in faults]
    return {
        "tasks": tasks,
        "last": LAST,
        "kills": kills,
        "rounds": rounds,
        "most": most,
        "milliseconds": measure_move(most),
        "megabytes": measure_memory(most),
        "at_random": table([kill_often(on, kills, tasks) for on in runs]),
        "faults": table(rows),
        "rows": measure_rates(setups, loops, many, rounds),
        "chart": ["queue", "times the loop"],
    }
