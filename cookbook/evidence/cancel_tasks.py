"""Cancel every other task in each of its states, and kill what works on them.

The small size has one cluster, which is killed once, like some of its workers. Redis
has its results in a PostgreSQL that is stopped for five seconds:

>>> from cookbook.evidence.cancel_tasks import CARELESS, measure
>>> figures = measure(["Redis", CARELESS], tasks=24, clusters=1, kills=1)
>>> [row["removed"] + row["marked"] + row["too late"] for row in figures["rows"]]
[12, 12]
>>> redis, careless = figures["rows"]
>>> redis["cancelled, ended"], careless["others lost"]
(0, 0)
"""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from django.db import Error, close_old_connections
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task, fetch

from cookbook.evidence.recipes_under_faults.servers import own_postgresql
from cookbook.harness import trial
from cookbook.recipes.cancel_tasks.cancel import cancel
from cookbook.recipes.cancel_tasks.models import Decision
from cookbook.recipes.cancel_tasks.running import cancellable, check, finalize

CLUSTER = {"name": "shop", "workers": 2, "timeout": 4, "retry": 5, "queue_limit": 4}
REDIS = {"redis": "redis://localhost:6379/0"}
BROKERS = {"SQLite": {}, "PostgreSQL": {}, "Redis": REDIS}
CARELESS = "SQLite, without finalize()"
STEPS = 4
STEP, LONG, OUTAGE = 0.05, 2, 5  # Seconds.
# When a task is cancelled; each state is the turn of every sixth of them.
STATES = ("waiting", "fetched", "running", "killed", "at its end", "ended")


@cancellable
def work(number):
    """Do four steps, then what others see: write that it has ended."""
    four_steps(number)
    finalize()
    trial.write(f"end {number}")


@cancellable
def careless(number):
    """Do the same, without `finalize()`."""
    four_steps(number)
    trial.write(f"end {number}")


def four_steps(number):
    trial.write(f"begin {number} {os.getpid()}")
    is_killed = number % 12 == 2 * STATES.index("killed")
    time.sleep(LONG if is_killed else 0)  # Its worker is killed in here.
    for _ in range(STEPS):
        check()
        time.sleep(STEP)


class Canceller:
    """What cancels tasks: it reads the journal, and waits for the state of each."""

    def __init__(self, task, tasks):
        self.ids = [async_task(task, number) for number in range(tasks)]
        broker = get_broker()
        packages = OrmQ.objects.order_by("pk").values_list("payload", flat=True)
        if not Conf.ORM:
            packages = broker.connection.lrange(broker.list_key, 0, -1)
        for package in list(packages)[::5]:
            broker.enqueue(package)  # Every fifth is delivered twice.
        turns = enumerate(range(0, tasks, 2))
        self.todo = {number: STATES[n % len(STATES)] for n, number in turns}
        self.answers, self.began, self.ended = {}, {}, set()

    def read(self):
        for line in trial.written():
            what, number, *pid = line.split()
            if what == "end":
                self.ended.add(int(number))
            else:
                since, _ = self.began.get(int(number), (time.monotonic(), None))
                self.began[int(number)] = since, int(*pid)

    def is_due(self, number, state):
        since, _ = self.began.get(number, (None, None))
        return {
            "waiting": True,
            # The two before it run, so it is in the memory of a cluster.
            "fetched": max(self.began, default=-1) >= number - 3,
            "running": since,
            "killed": since,
            "at its end": since and time.monotonic() > since + STEP * (STEPS - 1),
            "ended": number in self.ended,
        }[state]

    def cancel(self, number, state):
        """Cancel a task, with a clock that is an hour slow, right, or an hour fast."""
        jump, now = timedelta(hours=number % 3 - 1), timezone.now
        with patch.object(timezone, "now", lambda: now() + jump):
            self.answers[number] = cancel(self.ids[number])
        del self.todo[number]
        since, worker = self.began.get(number, (0, None))
        # An idle worker can hold a lock: to kill it would stall the cluster.
        if state == "killed" and time.monotonic() < since + LONG / 2:
            with suppress(ProcessLookupError):  # Its cluster may be killed.
                os.kill(worker, signal.SIGKILL)

    def turn(self):
        """Cancel what is due; say whether all is done and the queue is empty."""
        self.read()
        try:
            Decision.objects.exists()  # Without the database nothing is cancelled.
            broker = get_broker()
            # On Redis a task that a kill has lost never comes to its state.
            is_empty = not broker.queue_size() + (broker.lock_size() or 0)
            for number, state in list(self.todo.items()):
                if is_empty or self.is_due(number, state):
                    self.cancel(number, state)
        except Error:
            close_old_connections()  # The database is away; the next turn tries again.
            return False
        return is_empty and not self.todo


def cancel_half(task, tasks):
    """Enqueue tasks, cancel every other one, return the answers when all is done."""
    canceller = Canceller(task, tasks)
    for number in [n for n, state in canceller.todo.items() if state == "waiting"]:
        canceller.cancel(number, "waiting")
    Path(os.environ["WORKSPACE"], "queued").touch()
    trial.wait_until(canceller.turn, 300, lambda: f"not done: {canceller.todo}")
    return canceller.answers


@contextmanager
def project_on(broker):
    """Give a project, and the server of its database if that can be stopped."""
    settings = {
        "Q_CLUSTER": {"orm": "default"} | CLUSTER | BROKERS.get(broker, {}),
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    if "redis" in settings["Q_CLUSTER"]:
        del settings["Q_CLUSTER"]["orm"]
    with trial.workspace(settings, seconds=60) as project:
        if broker.startswith("SQLite"):
            yield project, None
            return
        with own_postgresql(project) as server:
            yield project, server


def lines(project, word):
    journal = Path(project["WORKSPACE"], "journal")
    text = journal.read_text() if journal.exists() else ""
    return [line.split() for line in text.splitlines() if line.startswith(word)]


def disturb(project, server, clusters, marks):
    """Kill a cluster at each mark, a number of begun tasks, and start another."""
    for place, mark in enumerate(marks):
        trial.wait_until(
            lambda mark=mark: len(lines(project, "begin")) >= mark,
            120,
            lambda: f"nothing runs.{clusters[0].advice}",
        )
        clusters.pop(0).kill()
        if server and place == len(marks) // 2:
            server.stop()
            time.sleep(OUTAGE)
            server.start()
        clusters.append(trial.Cluster(project).start())


def count(broker, tasks, clusters, kills):
    with project_on(broker) as (project, server), ThreadPoolExecutor(1) as thread:
        task = careless if broker == CARELESS else work
        answers = thread.submit(trial.call, project, cancel_half, task, tasks)
        queued = Path(project["WORKSPACE"], "queued")
        trial.wait_until(lambda: queued.exists() or answers.done(), 60, answers.result)
        running = [trial.Cluster(project).start() for _ in range(clusters)]
        marks = [(n + 1) * tasks // (2 * kills + 2) for n in range(kills)]
        disturb(project, server, running, marks)
        answers = answers.result()
        for cluster in running:
            cluster.wait().stop()
        begins = [int(number) for _, number, _ in lines(project, "begin")]
        ended = {int(number) for _, number in lines(project, "end")}
    cancelled = {n for n, answer in answers.items() if answer != "too late"}
    return {
        "broker": broker,
        **{
            a: list(answers.values()).count(a)
            for a in ("removed", "marked", "too late")
        },
        "cancelled, ended": len(cancelled & ended),
        "others lost": tasks - len(cancelled | ended),
        "begun twice": sum(begins.count(number) > 1 for number in set(begins)),
    }


def measure(brokers=(*BROKERS, CARELESS), tasks=200, clusters=2, kills=4):
    rows = [count(broker, tasks, clusters, kills) for broker in brokers]
    careful = [row for row in rows if row["broker"] != CARELESS]
    return {
        "tasks": tasks,
        "half": tasks // 2,
        "kills": kills,
        "outage": OUTAGE,
        "cancelled": sum(row["removed"] + row["marked"] for row in careful),
        "ended_though_cancelled": sum(row["cancelled, ended"] for row in careful),
        "rows": rows,
    }


def ways():
    """Cancel a task in three ways, and return what it leaves behind, as a table.

    >>> from cookbook.evidence.cancel_tasks import ways
    >>> from cookbook.harness import trial
    >>> with trial.cluster("SQLite", timeout=4, retry=5) as running:
    ...     print(trial.call(running, ways))
    | What is left | removed | marked | marked, then its worker is killed |
    | --- | --- | --- | --- |
    | Row in the queue | 0 | 0 | 0, after `retry` |
    | Stored result | None | cancelled | cancelled, after `retry` |
    | Hook | not called | called | called, after `retry` |
    | Next task of its chain | never enqueued | runs | runs, after `retry` |
    | Counted in its group | no | yes | yes, after `retry` |
    """
    late = leave_marked(3, kills=True)
    columns = [leave_removed(1), leave_marked(2), late]
    names = ["Row in the queue", "Stored result", "Hook", "Next task of its chain"]
    rows = zip([*names, "Counted in its group"], *columns, strict=True)
    heads = ("What is left", "removed", "marked", "marked, then its worker is killed")
    lines = [heads, ["---"] * 4, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@cancellable
def endless(number):
    trial.write(f"begin {number}")
    while True:
        time.sleep(STEP)
        check()


def follow(number):
    """The next task of a chain."""
    trial.write(f"next {number}")


def hook(task):
    trial.write(f"hook {task.args[0]}")


def enqueue(number, **options):
    options |= {"chain": [(follow, (number,))], "cached": False, "sync": False}
    hook = f"{__name__}.hook"
    return async_task(endless, number, group=number, hook=hook, **options)


def leave_removed(number):
    task = enqueue(number, cluster="night")  # No cluster serves this queue.
    assert cancel(task, cluster="night") == "removed"
    return leftovers(task, number)


def leave_marked(number, kills=False):
    task = enqueue(number)
    name = OrmQ.objects.get().name()
    began = f"begin {number}"
    trial.wait_until(lambda: began in trial.written(), 30, cluster_log)
    if kills:  # It must not see the mark before it is killed.
        os.kill(worker_of(name, cluster_log()), signal.SIGSTOP)
    assert cancel(task) == "marked"
    if kills:
        os.kill(worker_of(name, cluster_log()), signal.SIGKILL)
    since = time.monotonic()
    trial.wait_until(lambda: f"next {number}" in trial.written(), 60, cluster_log)
    late = ", after `retry`" if time.monotonic() > since + 3 else ""
    trial.wait_until(lambda: not OrmQ.objects.exists(), 60, cluster_log)
    return [value + late for value in leftovers(task, number)]


def cluster_log():
    [log] = Path(os.environ["WORKSPACE"]).glob("cluster-*.log")
    return log.read_text()


def worker_of(name, log):
    """Return the pid of the worker that runs a task, from the log of its cluster."""
    process = re.search(rf"(\S+) processing {name} ", log)[1]
    return int(re.search(rf"{process} ready for work at (\d+)", log)[1])


def leftovers(task, number):
    journal, stored = trial.written(), fetch(task)
    return [
        str(OrmQ.objects.count()),
        str(stored and stored.result),
        "called" if f"hook {number}" in journal else "not called",
        "runs" if f"next {number}" in journal else "never enqueued",
        "yes" if stored and stored.group == str(number) else "no",
    ]
