"""Call a broker of each kind, then let a cluster work with it."""

import os
import signal
from contextlib import nullcontext
from functools import cache
from pathlib import Path

from django_q.brokers import get_broker
from django_q.models import Task
from django_q.tasks import async_task

from cookbook.harness.trial import (
    DATABASES,
    Cluster,
    beside,
    call,
    note,
    sqs_server,
    stop,
    wait_until,
    workspace,
)

from . import grid, methods
from .calls import call_methods, counts

CLUSTER = {
    "name": "shop",
    "workers": 1,
    "timeout": 60,
    "retry": 4,
    "bulk": 3,
    "max_attempts": 2,
}
BROKERS = {
    "SQLite": {"orm": "default"},
    "PostgreSQL": {"orm": "default"},
    "Redis": {"redis": "redis://localhost:6379/0"},
    "SQS (moto)": {"sqs": {"receive_message_wait_time_seconds": 1}},
}
GUARANTEES = {
    "lock": ("A fetched task is locked", "locks-and-attempts"),
    "again": ("After a kill the task runs again", "locks-and-attempts"),
    "attempts": ("`max_attempts` counts", "locks-and-attempts"),
    "rollback": ("A rollback takes the task back", "transactions"),
    "schedules": ("A bad schedule sends nothing", "bad-schedules"),
    "order": ("The order is kept", "order"),
    "bulk": ("Supports `bulk`", "bulk"),
    "counts": ("Counts are up to date", "counts"),
}


def work():
    """Write down which worker it is, and wait for a file."""
    folder = Path(os.environ["WORKSPACE"])
    with (folder / "workers").open("a") as file:
        file.write(f"{os.getpid()}\n")
    wait_until((folder / "go").exists, 60, lambda: "nobody let the task go")


def keep_with_cluster():
    """Kill the worker of one task, let another fail; return what the cluster did."""
    folder = Path(os.environ["WORKSPACE"])
    workers = folder / "workers"
    async_task(work)
    wait_until(
        lambda: workers.exists() and workers.read_text().endswith("\n"),
        60,
        lambda: "the task did not begin",
    )
    broker = get_broker()
    locked = broker.lock_size()
    os.kill(int(workers.read_text()), signal.SIGKILL)
    (folder / "go").touch()
    broker.enqueue("this is no signed task")
    failing = Task.objects.filter(id=async_task(abs, "no number"))

    def is_idle():
        # A lock can run out between its two counts, so they are asked twice.
        empty = not any(counts(broker)) and not any(counts(broker))
        return failing.exists() and empty

    wait_until(is_idle, 90, lambda: "the queue does not become empty")
    stop()
    return {
        "lock": locked == 1,
        "again": len(workers.read_text().split()) > 1,
        "attempts": failing.get().attempt_count == 2,
    }


def both():
    """Call every method of the broker, then let a cluster work with it."""
    facts = call_methods()
    facts["keeps"] |= beside(keep_with_cluster)
    return facts


@cache
def observe(name):
    """Call the methods of one broker, then let a cluster work with it."""
    keys = BROKERS[name]
    settings = {"Q_CLUSTER": CLUSTER | keys}
    on = name if name in DATABASES else "SQLite"
    with (
        sqs_server() if "sqs" in keys else nullcontext({}) as aws,
        workspace(settings, on) as project,
    ):
        note("cluster")
        return call(Cluster(project | aws), both)


def keeps():
    """Return what a task may rely on.

    >>> from cookbook.reference.brokers.guarantees import keeps
    >>> print(keeps())
    | Guarantee | SQLite | PostgreSQL | Redis | SQS (moto) |
    | --- | --- | --- | --- | --- |
    | [A fetched task is locked](#locks-and-attempts) | yes | yes | no | yes |
    | [After a kill the task runs again](#locks-and-attempts) | yes | yes | no | yes |
    | [`max_attempts` counts](#locks-and-attempts) | yes | yes | no | yes |
    | [A rollback takes the task back](#transactions) | yes | yes | no | no |
    | [A bad schedule sends nothing](#bad-schedules) | yes | yes | no | no |
    | [The order is kept](#order) | yes | no | yes | yes |
    | [Supports `bulk`](#bulk) | yes | yes | no | yes |
    | [Counts are up to date](#counts) | yes | yes | yes | no |
    """
    answers = [observe(name)["keeps"] for name in BROKERS]
    assert all(one.keys() == GUARANTEES.keys() for one in answers)
    rows = {
        f"[{text}](#{place})": [one[key] for one in answers]
        for key, (text, place) in GUARANTEES.items()
    }
    return grid(rows, ["Guarantee", *BROKERS])


def kinds(part):
    """Return one part of what was seen: a row a method, a column a broker."""
    orm, redis, sqs = (observe(name) for name in ("SQLite", "Redis", "SQS (moto)"))
    assert orm["returns"] == observe("PostgreSQL")["returns"]
    assert set(orm["returns"]) == set(methods())
    return {
        f"`{name}`": [f"`{kind[part][name]}`" for kind in (orm, redis, sqs)]
        for name in orm[part]
    }


def returns():
    """Return what each method returned.

    >>> from cookbook.reference.brokers.guarantees import returns
    >>> print(returns())
    | Method | ORM | Redis | SQS (moto) |
    | --- | --- | --- | --- |
    | `enqueue` | `int` | `int` | `str` |
    | `dequeue` | `[(int, str)]` | `[(None, bytes)]` | `[(str, str)]` |
    | `acknowledge` | `None` | `None` | `None` |
    | `fail` | `None` | `None` | `None` |
    | `delete` | `None` | `None` | `None` |
    | `purge_queue` | `(int, dict)` | `True` | `None` |
    | `delete_queue` | `(int, dict)` | `int` | `None` |
    | `queue_size` | `int` | `int` | `int` |
    | `lock_size` | `int` | `None` | `int` |
    | `ping` | `True` | `True` | `True` |
    | `info` | `str` | `str` | `str` |
    | `set_stat` | `None` | `None` | `None` |
    | `get_stat` | `str` | `bytes` | `str` |
    | `get_stats` | `[str]` | `[bytes]` | `[str]` |
    | `get_cache` | `FileBasedCache` | `FileBasedCache` | `FileBasedCache` |
    | `get_connection` | `QuerySet` | `Redis` | `Session` |
    """
    return grid(kinds("returns"), ["Method", "ORM", "Redis", "SQS (moto)"])


def leaves():
    """Return how many tasks then waited and were locked, as a new broker counts.

    >>> from cookbook.reference.brokers.guarantees import leaves
    >>> print(leaves())
    | After | ORM | Redis | SQS (moto) |
    | --- | --- | --- | --- |
    | `enqueue` | `1, 0` | `1, None` | `1, 0` |
    | `dequeue` | `0, 1` | `0, None` | `0, 1` |
    | `acknowledge` | `0, 0` | `0, None` | `0, 0` |
    | `fail` | `0, 0` | `0, None` | `0, 0` |
    | `delete` | `0, 0` | `0, None` | `0, 0` |
    | `purge_queue` | `0, 0` | `0, None` | `0, 0` |
    | `delete_queue` | `0, 0` | `0, None` | `0, 0` |
    """
    return grid(kinds("leaves"), ["After", "ORM", "Redis", "SQS (moto)"])
