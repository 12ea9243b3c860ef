"""Kill clusters, stop the database and fill the queue: count, and measure.

The small size: a cluster and a pusher are killed, and a PostgreSQL is away.

>>> from cookbook.evidence.postgres_broker import count, measure, upstream
>>> killed = count("kill -9, beside stock", tasks=200, clusters=2, kills=2)
>>> killed["lost"], killed["fetched again"] >= killed["begun again"]
(0, True)
>>> count("database gone for 5 s", tasks=40, clusters=1)["lost"]
0

Django-Q2's own tests of its brokers pass:

>>> upstream()
['test_orm', 'test_mongo']

The rest, small:

>>> figures = measure(faults={}, tasks=20, rounds=1, seconds=0, depths=(100, 200))
>>> [row["Broker"] for row in figures["waits"]]
['ORM', 'PostgresBroker', 'PostgresBroker, no NOTIFY arrives']
"""

import os
import re
import signal
import statistics
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from random import Random
from threading import Barrier

import psycopg
from django.db import connection, transaction
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from cookbook.evidence.recipes_under_faults.servers import own_postgresql
from cookbook.evidence.save_limit import LOGGING, nothing
from cookbook.harness import trial
from cookbook.scaling.postgres_broker.broker import PostgresBroker
from cookbook.site.figures import table

MIGRATION = "cookbook.scaling.postgres_broker.migrations.0001_wake"
CLUSTER = {
    "name": "shop", "orm": "default", "workers": 2, "timeout": 8, "retry": 300,
    "bulk": 10, "queue_limit": 10, "save_limit": -1, "recycle": 100_000,
    "scheduler": False,
}  # fmt: skip


class Counted:
    """Writes down what it has fetched."""

    def dequeue(self):
        tasks = super().dequeue()
        for pk, _ in tasks or ():
            trial.write(f"fetched {pk} {os.getpid()}")
        return tasks


class Ours(Counted, PostgresBroker):
    pass


class Stock(Counted, ORM):
    pass


class Deaf(PostgresBroker):
    """Behind a pooler LISTEN succeeds, and nothing comes."""

    def dequeue(self):
        import_module(f"{PostgresBroker.__module__[:-6]}listener").LISTEN = "SELECT 1"
        return super().dequeue()


STOCK = "django_q.brokers.orm.ORM"
WOKEN = f"{PostgresBroker.__module__}.PostgresBroker"


@contextmanager
def project(broker, own=False, **changes):
    """Give a project on PostgreSQL with our index and trigger, or the stock one."""
    settings = {
        "Q_CLUSTER": CLUSTER | {"broker_class": broker} | changes,
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
        "LOGGING": LOGGING,
    }
    with ExitStack() as stack:
        database = "SQLite" if own else "PostgreSQL"
        environment = stack.enter_context(trial.workspace(settings, database))
        server = stack.enter_context(own_postgresql(environment)) if own else None
        if broker != STOCK:
            for statement in import_module(MIGRATION).ADD:
                ask(environment, statement)
        yield environment, server


def ask(environment, statement, *values):
    """Run a statement in the database of a project; return its only value."""
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(statement, values or None)
        return cursor.fetchone()[0] if cursor.description else None


# Faults.


def work(seconds, number):
    trial.write(f"began {number} {os.getpid()}")
    pause(seconds)
    trial.write(f"ended {number} {os.getpid()}")


def pause(seconds):
    end = time.monotonic() + seconds
    trial.wait_until(lambda: time.monotonic() > end, seconds + 60, str)


def enqueue(seconds, tasks):
    """Enqueue with the stock broker, as before the setting was changed."""
    broker = ORM()
    with transaction.atomic():
        for number in range(tasks):
            async_task(work, seconds, number, broker=broker)


def lines(environment, what):
    """Return what the journal has of one kind: [(number, pid)]."""
    file = Path(environment["WORKSPACE"], "journal")
    text = file.read_text() if file.exists() else ""
    return re.findall(rf"^{what} (\d+) (\d+)$", text, re.M)


def kill(environment, clusters, number):
    """Kill a whole cluster and start another, or the pusher that fetched last."""
    if number % 2:
        alive = {p.pid for c in clusters for p in trial.members(c.process.pid)}
        pushers = [int(pid) for _, pid in lines(environment, "fetched")]
        os.kill([pid for pid in pushers if pid in alive][-1], signal.SIGKILL)
    else:
        clusters.pop(0).kill()
        clusters.append(trial.Cluster(environment).start())


def stop_database(server):
    server.stop()
    pause(5)
    server.start()


def count(fault, tasks, clusters=4, kills=1):
    """Enqueue tasks, do harm when a part of them has ended, and count."""
    is_early, own = fault.startswith("lock"), fault.startswith("database")
    # Where nothing is killed, a lock must not end before the monitor is so far.
    retry = 1 if is_early else 30 if kills else 300
    with project(f"{__name__}.Ours", own, retry=retry) as (environment, server):
        trial.call(environment, enqueue, 2 if is_early else 0.01, tasks)
        running = [trial.Cluster(environment) for _ in range(clusters)]
        if "stock" in fault:
            stock = f"{__name__}.Stock"
            running[::2] = [trial.client(c, broker_class=stock) for c in running[::2]]
        _ = [cluster.start() for cluster in running]
        for number in range(kills):
            part = tasks * (number + 1) // (kills + 1)
            trial.wait_until(
                lambda part=part: len(lines(environment, "ended")) >= part,
                300,
                lambda: f"nothing ran.{running[-1].advice}",
            )
            if own:
                stop_database(server)
            else:
                kill(environment, running, number)
        trial.wait_until(
            lambda: ask(environment, "SELECT count(*) FROM django_q_ormq") == 0,
            300,
            lambda: f"the queue never became empty.{running[-1].advice}",
        )
        for cluster in running:
            cluster.wait(120).stop(120)
        fetched, began, ended = (
            lines(environment, what) for what in ("fetched", "began", "ended")
        )
    shares = Counter(pid for _, pid in fetched).values()
    return {
        "fault": fault,
        "tasks": tasks,
        "lost": tasks - distinct(ended),
        "fetched again": len(fetched) - distinct(fetched),
        "begun again": len(began) - distinct(began),
        "ended again": len(ended) - distinct(ended),
        "smallest share, %": round(100 * min(shares) / sum(shares)),
    }


def distinct(rows):
    return len({number for number, _ in rows})


# Waiting, throughput, depth.


def arrive(start):
    trial.write(f"{time.monotonic() - start}")


def send(tasks):
    """Send tasks to an idle cluster; return how long each waited, in seconds."""
    chance = Random(14)
    for number in range(tasks):
        pause(chance.uniform(0, 0.25))
        async_task(arrive, time.monotonic())
        trial.wait_until(lambda n=number: len(trial.written()) > n, 60, str)
    return sorted(map(float, trial.written()))


def transactions(environment):
    """Count what was done in the database of a project, from another database."""
    url = environment["DATABASE_URL"]
    query = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname=%s"
    with psycopg.connect(url, dbname="postgres") as connection:
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        return connection.execute(query, [name]).fetchone()[0]


BROKERS = {
    "ORM": STOCK,
    "PostgresBroker": WOKEN,
    "PostgresBroker, no NOTIFY arrives": f"{__name__}.Deaf",
}


def wait(name, tasks, seconds, measured):
    """Measure how long tasks wait for an idle cluster, and what it asks."""
    with (
        project(BROKERS[name]) as (environment, _),
        trial.Cluster(environment) as cluster,
    ):
        trial.wait_until(
            lambda: name != "PostgresBroker" or "wake the cluster" in cluster.log,
            120,
            lambda: cluster.advice,
        )
        waited = [1000 * one for one in trial.call(environment, send, tasks)]
        measured.wait()  # What comes now may disturb the others.
        pause(min(seconds, 15))  # PostgreSQL counts late.
        before = transactions(environment)
        pause(seconds)
        asked = transactions(environment) - before
    return {
        "Broker": name,
        "p50, ms": round(statistics.median(waited), 1),
        "p95, ms": round(waited[int(0.95 * len(waited))], 1),
        "queries a minute": round(asked * 60 / (seconds or 60), 1),
    }


def fill(tasks):
    for _ in range(tasks):
        async_task(nothing)


def rate(broker, tasks, clusters=1, **changes):
    """Return tasks a second from the first start to the last end."""
    with project(broker, **changes) as (environment, _), ExitStack() as stack:
        trial.call(environment, fill, tasks)
        running = [trial.Cluster(environment).start() for _ in range(clusters)]
        for cluster in running:
            stack.enter_context(cluster)
        logs = trial.wait_until(
            lambda: finished([cluster.log for cluster in running], tasks),
            240,
            lambda: f"{tasks} tasks were not done.{running[0].advice}",
        )
        began = re.findall(r"^(\S+) .* processing ", logs, re.M)
        ended = re.findall(r"^(\S+) Processed ", logs, re.M)
    return tasks / (max(map(float, ended)) - min(map(float, began)))


def finished(logs, tasks):
    """Return the logs when all tasks are in them."""
    text = "".join(logs)
    return text if text.count(" Processed ") == tasks else ""


def deepen(rows):
    """Put this number of rows into the queue."""
    payload = SignedPackage.dumps({"id": "0" * 32, "func": "math.sqrt", "args": (4,)})
    query = """INSERT INTO django_q_ormq (key, payload, lock)
               SELECT 'shop', %s, now() FROM generate_series(1, %s)"""
    with connection.cursor() as cursor:
        cursor.execute(query, [payload, rows])
        cursor.execute("VACUUM ANALYZE django_q_ormq")


def turn_over(turns):
    """Fetch, acknowledge and enqueue tasks; return how many a second."""
    broker, begin, tasks = get_broker(), time.monotonic(), 0
    while tasks < turns:
        for pk, payload in broker.dequeue() or ():
            broker.acknowledge(pk)
            broker.enqueue(payload)
            tasks += 1
    return tasks / (time.monotonic() - begin)


def enqueue_rates(tasks):
    """Return tasks a second: `async_task` in a loop, and signed tasks in one call."""
    begin = time.monotonic()
    fill(tasks)
    loop = tasks / (time.monotonic() - begin)
    payloads = list(OrmQ.objects.values_list("payload", flat=True))
    begin = time.monotonic()
    PostgresBroker().enqueue_many(payloads)
    return loop, tasks / (time.monotonic() - begin)


def crowd(environment, tasks):
    """Return tasks a second of eight clients that each commit one task at a time."""
    row = (
        "INSERT INTO django_q_ormq (key, payload, lock) VALUES ('shop', 'task', now())"
    )

    def enqueue(_):
        with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as client:
            for _ in range(tasks // 8):
                client.execute(row)

    begin = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enqueue, range(8)))
    return tasks // 8 * 8 / (time.monotonic() - begin)


def enqueueing(tasks, rounds):
    """Measure a loop, one call, and many clients at once."""
    loop, many = "`async_task` in a loop", "8 clients, each task a transaction"
    measured = defaultdict(list)
    for _ in range(rounds):
        for name, broker in list(BROKERS.items())[:2]:
            with project(broker) as (environment, _):
                rates = trial.call(environment, enqueue_rates, tasks)
                measured[f"{name}, {loop}"].append(rates[0])
                measured[f"{name}, {many}"].append(crowd(environment, tasks))
        measured["PostgresBroker, `enqueue_many`"].append(rates[1])
    return compare(measured)


def compare(measured):
    """Return the median of each, and how many times the first one it is."""
    rows = [
        {"Setting": name, "tasks/s": round(statistics.median(values))}
        for name, values in measured.items()
    ]
    return [r | {"ratio": round(r["tasks/s"] / rows[0]["tasks/s"], 2)} for r in rows]


def throughput(tasks, rounds):
    """Measure both brokers in turn, without results and with them; four clusters."""
    few, four = {"workers": 4}, {"workers": 1, "clusters": 4}
    runs = {
        "ORM": (STOCK, {}),
        "PostgresBroker": (WOKEN, {}),
        "ORM, results stored": (STOCK, {"save_limit": 0}),
        "PostgresBroker, results stored": (WOKEN, {"save_limit": 0}),
        "PostgresBroker, 1 cluster of 4 workers": (WOKEN, few),
        "PostgresBroker, 4 clusters of 1 worker": (WOKEN, four),
    }
    measured = defaultdict(list)
    for _ in range(rounds):
        for name, (broker, changes) in runs.items():
            measured[name].append(rate(broker, tasks, **changes))
    return compare(measured)


def depth(tasks, rounds, depths):
    """Measure one process that fetches and enqueues, with short and long queues."""
    measured = defaultdict(list)
    with ExitStack() as stack:
        runs = {
            f"{name}, {rows:,} rows": stack.enter_context(project(BROKERS[name]))[0]
            for name in list(BROKERS)[:2]
            for rows in depths
        }
        for name, environment in runs.items():
            trial.call(environment, deepen, int(re.sub(r"\D", "", name)))
        for _ in range(rounds):
            for name, environment in runs.items():
                measured[name].append(trial.call(environment, turn_over, tasks))
    return compare(measured)


def upstream():
    """Run Django-Q2's tests of two brokers with this one in place of them."""
    with project(WOKEN, bulk=1) as (environment, _):
        return trial.call(environment, run_upstream)


def run_upstream():
    import pytest
    from django_q.tests import test_brokers

    names = ["test_orm", "test_mongo"]
    for name in names:
        with pytest.MonkeyPatch.context() as patch:
            getattr(test_brokers, name)(patch)
    return names


FAULTS = {
    "none": {"tasks": 2000, "kills": 0},
    "none, two of four clusters are stock": {"tasks": 2000, "kills": 0},
    "kill -9": {"tasks": 20_000, "kills": 12},
    "database gone for 5 s": {"tasks": 2000, "kills": 2},
    "lock ends before its task": {"tasks": 24, "kills": 0},
}


def measure(faults=FAULTS, tasks=1500, rounds=2, seconds=65, depths=(1000, 1_000_000)):
    measured = Barrier(len(BROKERS) + 1, timeout=600)
    with ThreadPoolExecutor() as pool:
        waits = pool.map(lambda b: wait(b, min(tasks, 100), seconds, measured), BROKERS)
        measured.wait()
        rows = [count(fault, **sizes) for fault, sizes in faults.items()]
        waits = list(waits)
    with project(STOCK) as (environment, _):
        version = ask(environment, "SHOW server_version")
    speeds = throughput(tasks, rounds)
    depth_rows = depth(tasks, rounds, depths)
    enqueued = enqueueing(tasks, rounds)
    return {
        "rounds": rounds,
        "tasks": tasks,
        "postgresql": version,
        "rows": rows,
        "killed": next((row for row in rows if row["fault"] == "kill -9"), None),
        "kills": FAULTS["kill -9"]["kills"],
        "waits": waits,
        "speeds": speeds,
        "depths": depth_rows,
        "enqueued": enqueued,
        "flat": [
            round(deep["tasks/s"] / shallow["tasks/s"], 2)
            for shallow, deep in zip(depth_rows[::2], depth_rows[1::2], strict=True)
        ],
        "wait_table": table(waits),
        "speed_table": table(speeds),
        "depth_table": table(depth_rows),
        "enqueue_table": table(enqueued),
    }
