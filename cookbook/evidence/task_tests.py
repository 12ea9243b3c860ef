"""Run the same tasks with a cluster, `drain()` and `sync`, and compare what they leave.

The small size: one task of each kind.

>>> from cookbook.evidence.task_tests import crash, measure, run_pytest
>>> figures = measure(["SQLite", "Redis"], tasks=1, crashes=1)
>>> figures["alike"], figures["compared"], figures["crash"]
(52, 52, 40)
>>> for row in figures["rows"]:
...     if not row["sync"]:
...         print(row["A task that"])
fails
fails, then succeeds
runs too long
names no function
fails, and has a hook
is a chain whose head fails
is delivered twice

The examples for pytest:

>>> print(run_pytest())
2 passed
"""

import re
import sys
import time
from contextlib import nullcontext, suppress
from datetime import timedelta

import time_machine
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ, Task
from django_q.signals import pre_enqueue
from django_q.signing import SignedPackage
from django_q.tasks import async_chain, async_task, count_group

from cookbook.catalogue import COOKBOOK
from cookbook.harness import trial
from cookbook.recipes.task_tests.clusters import run_cluster
from cookbook.recipes.task_tests.mixins import QueueMixin

CLUSTER = {
    "name": "shop", "workers": 2, "timeout": 60, "retry": 3600, "max_attempts": 2,
    "save_limit": 0,
}  # fmt: skip


def work(label):
    trial.write(label)
    return label


def fail(label):
    trial.write(label)
    raise ValueError(label)


def recover(label):
    """Fail the first time."""
    trial.write(label)
    if trial.written().count(label) == 1:
        raise ValueError(label)


def hang(label):
    trial.write(label)
    time.sleep(600)  # The timeout ends it.


def enqueue_another(label):
    async_task(work, label, group=label)


def hook(task):
    trial.write(f"{task.group} {task.success}")


def twice(label):
    """Enqueue a task, and its package once more, as after a lost acknowledgement."""
    packages = []

    def keep(task, **_):
        packages.append(dict(task))

    pre_enqueue.connect(keep)
    async_task(work, label, group=label)
    pre_enqueue.disconnect(keep)
    get_broker().enqueue(SignedPackage.dumps(packages[0]))


HOOK = f"{__name__}.hook"
KINDS = {
    "succeeds": lambda x: async_task(work, x, group=x),
    "fails": lambda x: async_task(fail, x, group=x),
    "fails, then succeeds": lambda x: async_task(recover, x, group=x),
    "runs too long": lambda x: async_task(hang, x, group=x, timeout=1),
    "names no function": lambda x: async_task("no.such.function", group=x),
    "has a hook": lambda x: async_task(work, x, group=x, hook=HOOK),
    "fails, and has a hook": lambda x: async_task(fail, x, group=x, hook=HOOK),
    "is a chain of two": lambda x: async_chain([(work, (x,)), (work, (x,))], group=x),
    "is a chain whose head fails": lambda x: async_chain(
        [(fail, (x,)), (work, (x,))], group=x
    ),
    "is not saved": lambda x: async_task(work, x, group=x, save=False),
    "is cached": lambda x: async_task(work, x, group=x, cached=600),
    "enqueues another": lambda x: async_task(enqueue_another, x, group=x),
    "is delivered twice": twice,
}


def enqueue(tasks):
    """Enqueue tasks of each kind; with `sync` some of them raise."""
    for kind, send in KINDS.items():
        for number in range(tasks):
            with suppress(Exception, TimeoutException):
                send(f"{kind} {number}")


def outcomes(tasks):
    """Return what each task leaves: rows, cached results, lines of the journal."""
    lines = trial.written()
    return {
        label: {
            "rows": sorted(
                (row.func, row.success, row.attempt_count,
                 str(row.result).partition(" : Traceback")[0])
                for row in Task.objects.filter(group=label)
            ),
            "cached": count_group(label, cached=True),
            "lines": sorted(ln for ln in lines if re.match(rf"{label}( |$)", ln)),
        }
        for label in (f"{kind} {number}" for kind in KINDS for number in range(tasks))
    }  # fmt: skip


def settle(attempt):
    """Say whether every task has ended, or failed this number of times."""
    failures = Task.objects.filter(success=False, attempt_count__gte=attempt)
    ids = set(failures.values_list("id", flat=True))
    rows = OrmQ.objects.all()
    return all(row.lock > timezone.now() and row.task_id() in ids for row in rows)


def expire():
    """Let the time of `retry` be over: it is all that the broker knows of a clock."""
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))


def waiting():
    return get_broker().queue_size()


def with_cluster(place, tasks):
    """Return what a cluster leaves; on Redis no failed task comes again."""
    broker = {"redis": ""} if place == "Redis" else {"orm": "default"}
    settings = {"Q_CLUSTER": CLUSTER | broker}
    with trial.workspace(settings, database(place)) as project:
        trial.call(project, enqueue, tasks)
        if place == "Redis":
            while trial.call(project, waiting):  # A task may enqueue another.
                with trial.Cluster(project) as cluster:
                    wait(project, cluster, lambda: not trial.call(project, waiting))
        else:
            with trial.Cluster(project) as cluster:
                wait(project, cluster, lambda: trial.call(project, settle, 1))
                trial.call(project, expire)
                wait(project, cluster, lambda: trial.call(project, settle, 3))
        return trial.call(project, outcomes, tasks)


def wait(project, cluster, condition):
    trial.wait_until(condition, 600, lambda: f"it never ended.{cluster.advice}")


def database(place):
    return "SQLite" if place == "Redis" else place


def drain(tasks, inside, passes):
    """Return what `drain` leaves, in a transaction like that of a TestCase or not."""
    with transaction.atomic() if inside else nullcontext():
        enqueue(tasks)
        with time_machine.travel(timezone.now()) as clock:
            for _ in range(passes):
                QueueMixin().drain(failures=None, limit=100 * tasks)
                clock.shift(Conf.RETRY + 1)
        return outcomes(tasks)


def at_once(tasks):
    """Return what `sync` leaves."""
    enqueue(tasks)
    return outcomes(tasks)


def alone(place, function, *arguments, **changes):
    """Call a function in a new project without a cluster."""
    on, changes = database(place), CLUSTER | {"orm": "default"} | changes
    return trial.without_cluster(function, *arguments, on=on, **changes)


def crash(tasks, crashes):
    """Run tasks with `run_cluster`, of which some kill their worker; count the rest."""
    for number in range(tasks):
        async_task(work, str(number))
        if number * crashes % tasks < crashes:
            async_task("os.abort")
    with run_cluster():
        trial.wait_until(
            lambda: len(set(trial.written())) == tasks, 300, lambda: "tasks are lost"
        )
    return len(set(trial.written()))


def run_pytest():
    """Run the examples for pytest, and return the last line that it prints."""
    settings = {
        "Q_CLUSTER": CLUSTER | {"orm": "default"},
        "DATABASES": {"default": {"TEST": {"NAME": "test.sqlite3"}}},
    }
    command = [
        sys.executable, "-m", "pytest", "-c", "/dev/null", "--noconftest", "-p",
        "cookbook.recipes.task_tests.fixtures", "-p", "no:cacheprovider",
        COOKBOOK / "recipes/task_tests/pytest_examples.py",
    ]  # fmt: skip
    with trial.workspace(settings) as project:
        _, printed = trial.Process(project).output(command)
    return re.search(r"\d+ passed|$", printed)[0] or printed


def measure(places=("SQLite", "PostgreSQL", "Redis"), tasks=20, crashes=5):
    sync, ways = alone("SQLite", at_once, tasks, sync=True), {}
    for place in places:
        cluster, passes = with_cluster(place, tasks), 1 if place == "Redis" else 2
        for inside in (True, False):
            rest = alone(place, drain, tasks, inside, passes)
            ways[place, inside] = {
                label for label in rest if rest[label] == cluster[label]
            }
        if place == "SQLite":
            sync = {label for label in sync if sync[label] == cluster[label]}
    columns = {place: ways[place, True] & ways[place, False] for place in places}
    columns["sync"] = sync
    rows = [
        {"A task that": kind}
        | {
            name: sum(label.rpartition(" ")[0] == kind for label in alike)
            for name, alike in columns.items()
        }
        for kind in KINDS
    ]
    return {
        "tasks": tasks,
        "kinds": len(KINDS),
        "compared": len(ways) * tasks * len(KINDS),
        "alike": sum(map(len, ways.values())),
        "sync": len(sync),
        "all": tasks * len(KINDS),
        "crashes": crashes,
        "crash_tasks": 40 * crashes,
        "crash": alone(places[0], crash, 40 * crashes, crashes),
        "rows": rows,
    }
