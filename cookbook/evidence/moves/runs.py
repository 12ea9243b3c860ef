"""Make each move of the path once.

The small size has each way once: the whole database, a cluster that empties the old
queue, and a file, with `kill -9` when a task is in both places.

>>> from cookbook.evidence.moves.runs import measure
>>> runs = ["SQLite to PostgreSQL", "one cluster to two", "Redis to PostgreSQL, file"]
>>> lanes = [[run] for run in runs]
>>> figures = measure(lanes, tasks=20, schedules=1, rates=(0, 5), seconds=1)
>>> for row in figures["rows"]:
...     print(row["lost"], row["twice"], row["results missing"])
0 0 0
0 0 0
0 1 0

PostgreSQL writes three times into the table of the queue for each result:

>>> figures["written"]
3
"""

import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import dj_database_url

from cookbook.harness import trial

from . import site
from .waits import measure as measure_waits

CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 5,
    "retry": 20,
    "save_limit": 0,
}
STEPS = {
    "queue database": "queue_database",
    "Redis": "postgresql_to_redis",
    "SQS": "to_sqs",
    "two": "more_clusters",
}
COPY = Path(__file__).with_name("sqlite_to_postgresql") / "copy_results.py"
# What is in one line runs one after the other, and the lines at the same time.
LANES = [
    ["SQLite to PostgreSQL", "PostgreSQL to SQLite", "one cluster to two"],
    ["PostgreSQL to queue database", "queue database to PostgreSQL",
     "PostgreSQL to queue database, file"],
    ["PostgreSQL to Redis", "Redis to PostgreSQL", "PostgreSQL to Redis, file",
     "Redis to PostgreSQL, file"],
    ["PostgreSQL to SQS", "SQS to PostgreSQL", "PostgreSQL to SQS, file",
     "SQS to PostgreSQL, file"],
]  # fmt: skip


@contextmanager
def place(before, after):
    """Give the environments of a site before and after a move, with its servers."""
    with ExitStack() as stack:
        aws = trial.sqs_server() if "SQS" in (before, after) else ExitStack()
        own = stack.enter_context(aws)
        project = stack.enter_context(
            trial.workspace({"Q_CLUSTER": CLUSTER}, "PostgreSQL")
        )
        folder = Path(project["WORKSPACE"])
        queue = stack.enter_context(trial.DATABASES["PostgreSQL"](folder))
        file = stack.enter_context(trial.DATABASES["SQLite"](folder))
        if "Redis" in (before, after):
            trial.note("Redis")
            project["REDIS_URL"] = stack.enter_context(trial.redis_server(folder))
        database = dj_database_url.parse(project["DATABASE_URL"])
        project |= {
            "POSTGRES_DB": database["NAME"],
            "POSTGRES_USER": database["USER"],
            "POSTGRES_PASSWORD": database["PASSWORD"],
            "POSTGRES_HOST": database["HOST"] or database["OPTIONS"]["host"],
            "DJANGO_SETTINGS_MODULE": "cookbook.evidence.moves.project",
            "QUEUE_DB": dj_database_url.parse(queue)["NAME"],
            **(own if isinstance(own, dict) else {}),
        }
        step = STEPS.get(after) or STEPS.get(before) or "sqlite_to_postgresql"
        if "SQLite" in (before, after):
            project["DATABASE_URL"] = file
        if after == "two":
            trial.Process(project | {"STEP": step}).manage("createcachetable")
        kinds = {"SQLite": {"BACK": "yes"}, "PostgreSQL": {"QUEUE": "old"}}
        yield [
            project | {"STEP": step} | kinds.get(name, {}) for name in (before, after)
        ]


class Run:
    """A site that sends tasks and a cluster that works, in the middle of it."""

    def __init__(self, old, new, tasks, schedules):
        self.old, self.new, self.schedules = old, new, schedules
        self.folder = Path(old["WORKSPACE"])
        self.third = tasks // 3
        trial.call(old, site.enqueue, tasks)
        self.first = trial.Cluster(old).start()
        self.pool = ThreadPoolExecutor()
        self.send(old, 10_000)
        trial.wait_until(lambda: self.numbers("ran"), 120, lambda: self.first.advice)

    def numbers(self, what):
        lines = (self.folder / "journal").read_text().splitlines()
        return [int(line.split()[1]) for line in lines if line.startswith(what)]

    def send(self, environment, first):
        """Let the site go on sending."""
        stop = self.folder / f"stop-{first}"
        site_of = self.pool.submit(
            trial.call, environment, site.produce, first, self.third, str(stop)
        )
        self.sender = stop, site_of

    def end(self):
        """Stop the site; return the number of tasks that it has sent."""
        stop, site_of = self.sender
        stop.touch()
        return site_of.result()

    def switch(self):
        """Start the new cluster, let schedules be due, and let the site send there."""
        self.last = trial.Cluster(self.new).start().wait(120)
        trial.call(self.new, site.plan, 20_000, self.schedules)
        self.waiting = len({*self.numbers("sent")} - {*self.numbers("ran")})
        self.total = self.end()
        self.send(self.new, 30_000)

    def drain(self, command=("qdrain", "--seconds", "240")):
        """Let the old cluster empty the old queue, if there are two."""
        self.switch()
        trial.Process(self.old).manage(*command)
        self.first.stop(120)

    def file(self):
        """Move what waits through a file; both commands are killed once."""
        self.first.stop(120)
        # However quick the cluster was, there are tasks to move.
        trial.call(self.old, site.produce, 40_000, self.third, os.devnull)
        self.switch()
        file = str(self.folder / "tasks")
        for way, environment in (("--to", self.old), ("--from", self.new)):
            command = trial.main(site.move, way, file, self.third)
            code, printed = trial.Cluster(environment).output(command)
            assert code == -9, printed
            trial.call(self.old, site.wait_for_locks)
            command = trial.main(site.move, way, file, 0)
            code, printed = trial.Cluster(environment).output(command)
            assert code == 0, printed

    def dump(self):
        """Stop everything, and copy the whole database."""
        self.total = self.end()
        self.first.stop(120)
        self.waiting = len({*self.numbers("sent")} - {*self.numbers("ran")})
        trial.call(self.old, site.plan, 20_000, self.schedules)
        file, before = str(self.folder / "site.json"), trial.call(self.old, site.rows)
        new = trial.Process(self.new)
        new.manage(
            "dumpdata", "--database=old", "--natural-foreign", "--exclude=contenttypes",
            "--exclude=auth.permission", "--exclude=django_q.task", f"--output={file}",
        )  # fmt: skip
        new.manage("loaddata", file)
        trial.call(self.new, site.run_script, str(COPY))
        assert trial.call(self.new, site.rows) == before
        self.last = trial.Cluster(self.new).start()
        self.send(self.new, 30_000)

    def count(self):
        """Wait until everything has run."""
        total = self.total + self.end()
        trial.wait_until(
            lambda: {*self.numbers("sent")} <= {*self.numbers("ran")},
            240,
            lambda: f"some tasks do not run.{self.last.advice}",
        )
        trial.Process(self.new).manage("qdrain", "--seconds", "120")
        self.last.stop(120)
        self.pool.shutdown()
        numbers, times = {*self.numbers("sent")}, Counter(self.numbers("ran"))
        return {
            "waiting": self.waiting,
            "sent meanwhile": total,
            "lost": len(numbers - times.keys()),
            "twice": sum(count > 1 for count in times.values()),
            "results missing": len(numbers) - trial.call(self.new, site.count_results),
        }


def count(name, tasks, schedules):
    """Make one move, and count."""
    move, _, way = name.partition(", ")
    before, _, after = move.partition(" to ")
    with place(before, after) as (old, new):
        run = Run(old, new, tasks, schedules)
        begin = time.monotonic()
        second = partial(run.drain, ["check"])
        ways = {"SQLite": run.dump, "two": second, "file": run.file}
        keys = ways.keys() & {before, after, way}
        (ways[keys.pop()] if keys else run.drain)()
        seconds = round(time.monotonic() - begin)
        row = {"move": name} | run.count() | {"seconds": seconds}
        written = trial.call(new, site.written) if after == "two" else None
        return row, written


def measure(lanes=LANES, tasks=300, schedules=5, **waits):
    def work(lane):
        return [count(name, tasks, schedules) for name in lane]

    with ThreadPoolExecutor() as pool:
        runs = [run for lane in pool.map(work, lanes) for run in lane]
    rows = [row for row, _ in runs]
    with place("SQS", "SQS") as (project, _):
        new, one = trial.call(project, site.time_sends, tasks // 15)
    return {
        "written": next(filter(None, (written for _, written in runs))),
        "tasks": tasks,
        "schedules": schedules,
        "runs": len(rows),
        "fewest": min(row["waiting"] for row in rows),
        "lost": sum(row["lost"] for row in rows),
        "twice": sum(row["twice"] for row in rows),
        "sqs": {"new": round(new), "kept": round(one), "ratio": round(new / one)},
        "rows": rows,
        "waits": measure_waits(**waits),
    }
