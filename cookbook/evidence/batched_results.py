"""Compare batched results with the monitor's own: loss, content, statements, speed.

The small size:

>>> from cookbook.evidence.batched_results import measure
>>> figures = measure(
...     places={"SQLite": ["tuned", "tuned, batched"]}, tasks={"": 40}, rounds=1,
...     databases=["SQLite"], rows=2000, names=["post_execute", "stop"],
...     ways=["batched"], faults=[("PostgreSQL", 200, 1, 1)],
... )

A task has run, its result waits in memory, and its cluster is killed with `kill -9`:
the task runs again, and its result is there. A clean stop writes what waits:

>>> for row in figures["moments"]:
...     print(row["killed"], row["results"], row["runs"])
at post_execute 1 2
not, but stopped at post_execute 1 1

Clusters are killed and the database stops, while tasks run:

>>> [row] = figures["faults"]
>>> row["tasks lost"], row["results lost"], row["results twice"]
(0, 0, 0)

Both ways store the same results, call the same hooks and continue the same chains:

>>> [same] = figures["same"]
>>> same["kinds"], same["different"]
(112, [])
>>> same["rows"] > 100, same["batched"] > 20, same["hooks"] > 20
(True, True, True)

Statements that store and acknowledge a result, in a batch of 100:

>>> figures["statements"]
{'stock': '3', 'batched': '0.02'}

No result is missing after the measurements:

>>> [row["stored"] for row in figures["rows"]]
[40, 40]
>>> figures["retention"][0]["results stored before"]
2000
"""

import itertools
import logging
import os
import re
import signal
import statistics as statistic
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q import signals
from django_q.brokers import get_broker
from django_q.models import Failure, OrmQ, Success, Task
from django_q.monitor import save_task
from django_q.tasks import async_iter, async_task, fetch_cached, result, result_group

from cookbook.evidence.keep_results import copy_results
from cookbook.evidence.recipes_under_faults.servers import own_postgresql
from cookbook.harness import trial
from cookbook.scaling.batched_results import writer

APP = "cookbook.scaling.batched_results"
CLUSTER = {
    "name": "shop", "workers": 2, "timeout": 60, "retry": 600, "save_limit": 0,
}  # fmt: skip
# Time in seconds with its fractions, and how many results each batch has.
LOGGING = {
    "version": 1,
    "formatters": {"timed": {"format": "%(created)f %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "timed"}},
    "loggers": {
        "django-q": {"handlers": ["stderr"], "level": "INFO"},
        "cookbook.scaling.batched_results": {"handlers": ["stderr"], "level": "DEBUG"},
    },
}


def settings(way, broker=None, age=600, **keys):
    return {
        "Q_CLUSTER": CLUSTER | (broker or {"orm": "default"}) | keys,
        "DATABASES": {"default": {"CONN_MAX_AGE": age}},
        "INSTALLED_APPS": [APP] if "batched" in way else [],
        "LOGGING": LOGGING,
    }


def quiet():
    logging.getLogger("django-q").setLevel("WARNING")


def go_on():
    """Let the time of `retry` be over."""
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))


def wait_for_end():
    """Wait until every task is acknowledged; return when."""
    trial.wait_until(
        lambda: not OrmQ.objects.exists(), 300, lambda: "the queue never became empty"
    )
    return time.time()


# Killed at a moment.

MOMENTS = {
    "post_execute_in_worker": (
        signals.post_execute_in_worker, None, "when the task has run",
    ),
    "post_save": (post_save, Task, "when the row is written"),
    "post_execute": (signals.post_execute, None, "at post_execute"),
    "stop": (signals.post_execute, None, "not, but stopped at post_execute"),
}  # fmt: skip


def work(number):
    trial.write(number)


def serve(moment):
    """Start a cluster that kills itself, or stops, at a moment of this kind."""
    writer.WAIT = 3  # Else it has written before the monitor has to end.
    moment_signal, sender, _ = MOMENTS[moment]
    # 0 is every process of the cluster.
    target = (os.getpid(), signal.SIGTERM) if moment == "stop" else (0, signal.SIGKILL)
    moment_signal.connect(lambda **_: os.kill(*target), sender=sender, weak=False)
    call_command("qcluster")


def enqueue(tasks):
    quiet()
    with transaction.atomic():
        for number in range(tasks):
            async_task(work, number)


def count_results():
    """Return `(results, results of a task that has more than one)`."""
    numbers = Counter(task.args[0] for task in Success.objects.iterator())
    return len(numbers), sum(times > 1 for times in numbers.values())


def moments(names, ways):
    """Kill the cluster of one task at each moment; a second cluster goes on."""
    rows = []
    for name, way in itertools.product(names, ways):
        with trial.workspace(settings(way)) as project:
            trial.call(project, enqueue, 1)
            python, *code = trial.main(serve, name)
            first = trial.Process(project, [python]).start(*code)
            first.process.wait(120)
            trial.call(project, go_on)
            with trial.Cluster(project):
                trial.call(project, wait_for_end)
            runs = len(Path(project["WORKSPACE"], "journal").read_text().splitlines())
            rows.append({
                "killed": MOMENTS[name][2], "results are": way,
                "results": trial.call(project, count_results)[0], "runs": runs,
            })  # fmt: skip
    return rows


# Killed again and again.


@contextmanager
def project_on(database, way, **keys):
    """Give a project; its PostgreSQL can be stopped."""
    with trial.workspace(settings(way, **keys), database) as project, ExitStack() as on:
        own = database == "PostgreSQL"
        server = on.enter_context(own_postgresql(project)) if own else None
        yield project, server


def stop_database(server):
    server.stop()
    end = time.monotonic() + 5
    trial.wait_until(lambda: time.monotonic() > end, 9, str)
    server.start()


def survive(database, tasks, clusters, kills, way="batched"):
    """Kill clusters in turn, stop the database once, and count."""
    keys = {"timeout": 14, "retry": 16, "bulk": 10, "recycle": 100_000}
    with project_on(database, way, **keys) as (project, server):
        journal = Path(project["WORKSPACE"], "journal")
        trial.call(project, enqueue, tasks)
        fleet = [trial.Cluster(project).start() for _ in range(clusters)]
        steps = kills + bool(server) + 1
        for step in range(1, steps):
            trial.wait_until(
                lambda step=step: lines(journal) > step * tasks / steps,
                300,
                lambda: f"nothing ran.{fleet[0].advice}",
            )
            if server and step == steps // 2:
                # A cluster that cannot reach its database does not start.
                _ = [cluster.wait(60) for cluster in fleet]
                stop_database(server)
            else:
                fleet[step % clusters].kill()
                fleet[step % clusters] = trial.Cluster(project).start()
        trial.call(project, wait_for_end)
        for cluster in fleet:
            cluster.stop(60)
        results, twice = trial.call(project, count_results)
        runs = Counter(journal.read_text().splitlines())
    return {
        "database": database,
        "tasks": tasks,
        "clusters": clusters,
        "kills": kills,
        "tasks lost": tasks - len(runs),
        "results lost": tasks - results,
        "results twice": twice,
        "ran twice": sum(times > 1 for times in runs.values()),
    }


def lines(journal):
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


# The same results.


def act(name, outcome):
    """Write down that the task runs, then return or raise; `flaky` fails once."""
    trial.write(f"{name} runs")
    if outcome == "raises" or (
        outcome == "flaky" and trial.written().count(f"{name} runs") == 1
    ):
        raise ValueError(name)
    return {"value": name, "nothing": None, "long": [name] * 999}.get(outcome)


def hook(task):
    trial.write(f"{task.name} hooked, {task.success}, {task.attempt_count}")


OUTCOMES = ("value", "nothing", "long", "flaky", "raises")
NEXT = (act, ("next", "value"), {"task_name": "next"})
OPTIONS = [
    {"group": ["together"]},
    {"hook": [f"{__name__}.hook"]},
    {"save": [True, False]},
    {"cached": [60], "ack_failure": [True]},
    # As async_chain writes them.
    {"chain": [[NEXT]], "group": ["chained"], "cached": [False], "sync": [False]},
    {"ack_failure": [True]},
    {"timeout": [9]},
]


def kinds():
    """Yield the options of each kind of task: none, one, or two that go together."""
    some = [
        dict(zip(each, values, strict=True))
        for each in OPTIONS
        for values in itertools.product(*each.values())
    ]
    yield {}
    yield from some
    for one, other in itertools.combinations(some, 2):
        if not one.keys() & other.keys() and ("group" in one or "hook" in one):
            yield one | other


def queue_all():
    """Enqueue each kind with each outcome, and an iteration; return what was stored."""
    quiet()
    names = []
    with transaction.atomic():
        for number, (options, outcome) in enumerate(
            itertools.product(kinds(), OUTCOMES)
        ):
            if outcome == "flaky" and options.get("cached"):
                continue  # It has no second attempt.
            name = f"{number:03} {outcome} {sorted(options)}"
            # Django-Q2 takes the links of a chain out of its list.
            copy = {key: value[:] if key == "chain" else value
                    for key, value in options.items()}  # fmt: skip
            names.append((name, async_task(act, name, outcome, task_name=name, **copy)))
        numbers = async_iter("math.sqrt", [4, 9])
    failed = Failure.objects.values_list("pk", flat=True)
    trial.wait_until(
        lambda: {row.task_id() for row in OrmQ.objects.all()} <= set(failed.all()),
        300,
        lambda: f"not done: {[row.name() for row in OrmQ.objects.all()]}",
    )
    go_on()  # Each failure gets its second attempt.
    wait_for_end()
    fields = ("name", "func", "hook", "args", "kwargs", "result", "group", "cluster",
              "success", "attempt_count")  # fmt: skip
    rows = Task.objects.exclude(name__contains="-").values_list(*fields)
    cached = [fetch_cached(pk) for _, pk in names]
    return {
        "kinds": len(names),
        "rows": sorted(map(repr, rows)),
        "cached": [one and (one.name, one.result, one.success) for one in cached],
        "group": sorted(map(repr, result_group("together", failures=True))),
        "iteration": result(numbers, wait=60_000),
        "journal": sorted(trial.written()),
    }


def compare(database="SQLite"):
    """Run every kind of task both ways; name what differs."""
    stored, log = {}, ""
    for way in ("stock", "batched"):
        with trial.workspace(
            settings(way, max_attempts=2, bulk=10), database
        ) as project:
            with trial.Cluster(project) as cluster:
                stored[way] = trial.call(project, queue_all)
            log = cluster.log
    return {
        "kinds": stored["stock"]["kinds"],
        "rows": len(stored["stock"]["rows"]),
        "batched": sum(batches(log)),
        "hooks": sum(" hooked" in line for line in stored["stock"]["journal"]),
        "different": [
            what for what in stored["stock"]
            if stored["stock"][what] != stored["batched"][what]
        ],
    }  # fmt: skip


def batches(log):
    return [int(size) for size in re.findall(r" wrote (\d+) results", log)]


# Statements.


def statements(number):
    """Count the statements that store and acknowledge, for each result."""
    broker, now = get_broker(), timezone.now()
    tasks = [
        {
            "id": f"{n:032}", "name": "task", "func": work, "args": (n,), "kwargs": {},
            "started": now, "stopped": now, "result": None, "success": True,
            writer.ACK_ID: n + 1,
        }
        for n in range(2 * number)
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as stock:
        for task in tasks[:number]:
            save_task(task | {"save": True}, broker)
            broker.acknowledge(task[writer.ACK_ID])
    with CaptureQueriesContext(connection) as batched:
        writer.write(tasks[number:])
    counts = {
        way: sum(not query["sql"].startswith(("BEGIN", "COMMIT")) for query in log)
        for way, log in {"stock": stock, "batched": batched}.items()
    }
    return {way: f"{count / number:g}" for way, count in counts.items()}


# Speed.

TUNED = {"bulk": 50, "recycle": 100_000}
VARIANTS = {
    "as it comes": (0, {"save_limit": 250}),
    "save_limit 0": (0, {}),
    "save_limit 0, batched": (0, {}),
    "tuned": (600, TUNED),
    "tuned, batched": (600, TUNED),
    "tuned, recycle 500": (600, TUNED | {"recycle": 500}),
    "tuned, batched, recycle 500": (600, TUNED | {"recycle": 500}),
    "tuned, no results": (600, TUNED | {"save_limit": -1}),
}


def nothing():
    """Take no time, so that what is measured is Django-Q2."""


def fill(rows):
    """Store results of ten days ago."""
    then = timezone.now() - timedelta(days=10)
    Task.objects.create(
        id="first", name="old", func="f", started=then, stopped=then, result="x" * 200
    )
    copy_results(rows - 1)


def queue(tasks):
    quiet()
    with transaction.atomic():
        for _ in range(tasks):
            async_task(nothing)


def wait_for_results(tasks):
    """Wait until all are stored and acknowledged; return when, and their number."""
    new = Success.objects.exclude(name="old")
    trial.wait_until(
        lambda: (
            not (OrmQ.objects.exists() or get_broker().queue_size())
            and new.count() == tasks
        ),
        300,
        lambda: f"{new.count()} of {tasks}",
    )
    return time.time(), new.count()


def run(project, tasks, expected):
    """Return tasks per second from the first start to the last stored result."""
    trial.call(project, queue, tasks)
    with trial.Cluster(project) as cluster:
        if expected:
            ended, stored = trial.call(project, wait_for_results, expected)
        else:
            ended, stored = trial.call(project, wait_for_end), 0
    began = float(re.search(r"^(\S+) .* processing ", cluster.log, re.M)[1])
    return tasks / (ended - began), stored, batches(cluster.log)


def rate(where, variant, tasks):
    age, keys = VARIANTS[variant]
    broker = {"redis": ""} if where == "Redis" else {"orm": "default"}
    database = "PostgreSQL" if where == "Redis" else where
    expected = {250: min(tasks, 250), -1: 0}.get(keys.get("save_limit"), tasks)
    with trial.workspace(settings(variant, broker, age, **keys), database) as project:
        return run(project, tasks, expected)


TASKS = {"tuned": 2000, "": 150}
# Database, tasks, clusters and kills.
FAULTS = [("PostgreSQL", 20_000, 4, 12), ("SQLite", 4000, 2, 6)]
PLACES = {
    "PostgreSQL": list(VARIANTS),
    "SQLite": ["as it comes", "tuned", "tuned, batched"],
    "Redis": ["tuned", "tuned, batched"],
}


def speed(places, tasks, rounds):
    """Measure each variant in turn; `tasks` is their number by part of its name."""
    runs = {}
    for _ in range(rounds):
        for where, variants in places.items():
            for variant in variants:
                number = next(n for part, n in tasks.items() if part in variant)
                runs.setdefault((where, variant), []).append(
                    rate(where, variant, number)
                )
    rows = []
    for (where, variant), measured in runs.items():
        same = runs[where, variant.replace(", batched", "")]
        default = runs.get((where, "as it comes"))
        sizes = [size for _, _, batch in measured for size in batch]
        rows.append({
            "broker, settings": f"{where}, {variant}",
            "tasks/s": round(middle(measured)),
            "ratio to the same settings": ratio(measured, same),
            "ratio to as it comes": ratio(measured, default) if default else "",
            "results in a batch": round(statistic.mean(sizes or [1])),
            "stored": measured[0][1],
        })  # fmt: skip
    return rows


def middle(measured):
    return statistic.median(rate for rate, *_ in measured)


def ratio(some, others):
    """Return the median ratio of the rounds."""
    pairs = zip(some, others, strict=True)
    return round(statistic.median(one[0] / other[0] for one, other in pairs), 2)


def retention(databases, rows, tasks, rounds):
    """Compare the rate with no stored result and with many, in turn."""
    report = []
    for database in databases:
        with (
            trial.workspace(settings("batched", **TUNED), database) as empty,
            trial.workspace(settings("batched", **TUNED), database) as full,
        ):
            trial.call(full, fill, rows)
            rates = [
                [run(project, tasks, 0) for project in (empty, full)]
                for _ in range(rounds)
            ]
        report.append({
            "database": database,
            "results stored before": rows,
            "ratio": ratio([r[1] for r in rates], [r[0] for r in rates]),
        })  # fmt: skip
    return report


def count_statements(database):
    with trial.workspace(settings("stock"), database) as project:
        return trial.call(project, statements, 100)


def measure(
    places=PLACES, tasks=TASKS, rounds=3, databases=("PostgreSQL", "SQLite"),
    rows=1_000_000, names=tuple(MOMENTS), ways=("stock", "batched"), faults=FAULTS,
):  # fmt: skip
    return {
        "rounds": rounds,
        "rows": speed(places, tasks, rounds),
        "retention": retention(databases, rows, max(tasks.values()), rounds),
        "moments": moments(names, ways),
        "faults": [survive(*each) for each in faults],
        "same": [compare(database) for database in databases],
        "statements": count_statements("PostgreSQL"),
        "milliseconds": round(writer.WAIT * 1000),
    }
