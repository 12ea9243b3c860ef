"""Kill a cluster that holds a task, then let two clusters share others.

Needs: boto3, moto.

MySQL and MongoDB are among them where DATABASE_URL and MONGODB_URL name them:

>>> from cookbook.evidence.worker_brokers.kept import measure
>>> from cookbook.harness.trial import DATABASES
>>> rows = measure(tasks=20, databases=[*DATABASES][1:])["rows"]
>>> [row["broker"] for row in rows]
['ORM on PostgreSQL', ...'SQS (moto)'...]
>>> {row["after a kill"] for row in rows}
{'begun again'}
>>> {row["run twice"] for row in rows}
{0}
"""

import ast
import os
import signal
from collections import Counter
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

from django.db import connection, transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task, count_group, result

from cookbook.harness.trial import (
    DATABASES,
    mongodb,
    sqs_server,
    wait_until,
    workspace,
)

from .runs import PROCESSES, look, page_settings, process, reports, start

ORM = page_settings("orm") | {"DATABASES": {"default": {"CONN_MAX_AGE": 600}}}
MYSQL = page_settings("orm") | {
    "DATABASES": {
        "default": {"ENGINE": "django.db.backends.mysql", "CONN_MAX_AGE": 600}
    }
}


def write(name, line):
    """Add a line to a file of the project; return its lines."""
    path = Path(os.environ["WORKSPACE"]) / name
    with path.open("a") as file:
        file.write(f"{line}\n")
    return path.read_text().splitlines()


def cut_power():
    """Kill every process of the cluster the first time; return how often it began."""
    begun = len(write("begun", os.getpid()))
    os.killpg(os.getpgrp(), 0 if begun > 1 else signal.SIGKILL)  # 0 does nothing.
    return begun


def mark(number):
    """Write down, as a task, that it ran, and the cluster of its worker."""
    write("marks", f"{number} {os.getppid()}")


def share(tasks):
    """Take up what a killed cluster held, then share so many tasks with another."""
    start()
    begun = result("power", wait=300_000)
    for number in range(tasks):
        async_task(mark, number, group="marks")
    wait_until(lambda: count_group("marks") == tasks, 300, lambda: "some did not end")
    broker, has = result(async_task(look), wait=90_000)
    marks = [line.split() for line in write("marks", "- -")[:-1]]
    runs = Counter(number for number, _ in marks)
    version = ".".join(map(str, connection.get_database_version()))
    facts = {
        "server": f"{connection.display_name} {version}" if "ORM" in broker else broker,
        "holds it": has,
        "after a kill": {2: "begun again", None: "lost"}[begun],
        "tasks": len(runs),
        "clusters": len({cluster for _, cluster in marks}),
        "run twice": sum(count > 1 for count in runs.values()),
        **alone(get_broker("aside")),
    }
    print("seen:", broker, facts, sep="|")
    signal.raise_signal(signal.SIGTERM)


def fetch(broker, number):
    """Fetch and acknowledge this number of tasks; return them in their order."""
    tasks = []
    while len(tasks) < number:
        for receipt, task in broker.dequeue() or []:
            broker.acknowledge(receipt)
            tasks.append(task)
    return tasks


def waiting(broker):
    """Return the number of tasks that wait."""
    if hasattr(broker, "queue"):
        broker.queue.reload()  # boto3 remembers what it has counted once.
    return broker.queue_size()


def alone(broker):
    """Return what a queue does that no cluster serves."""
    tidy = {"mysql": "OPTIMIZE TABLE django_q_ormq"}.get(connection.vendor, "VACUUM")
    for number in range(6):
        broker.enqueue(f"{number}")
    tasks = fetch(broker, 3)
    with connection.cursor() as cursor:
        cursor.execute(tidy)
    for number in range(6, 9):
        broker.enqueue(f"{number}")
    tasks += fetch(broker, 6)
    with transaction.atomic():
        async_task(abs, -1, broker=broker)
        transaction.set_rollback(True)
    return {
        "in order": "yes" if [int(task) for task in tasks] == [*range(9)] else "no",
        "a rollback takes it back": "no" if waiting(broker) else "yes",
    }


def trial(settings, database, tasks):
    """Return what happened to the tasks of three clusters, of which one is killed."""

    def under(**keys):
        changed = {"Q_CLUSTER": settings["Q_CLUSTER"] | keys}
        return settings | {"PRODUCTION_PROCESSES": PROCESSES} | changed

    # Every result is counted, and those beyond `save_limit` would vanish.
    with workspace(under(retry=200, save_limit=0), database) as project:
        soon = project | {"RECIPE_SETTINGS": repr(under(timeout=4, retry=5))}
        call = "start(); async_task(cut_power, task_name='power')"
        reports(process(soon, call, __name__).start())
        with process(project, "start()", __name__):
            second = process(project, f"share({tasks})", __name__).start()
            lines = reports(second)
        assert lines, second.log
        return ast.literal_eval(lines[0][1])


@contextmanager
def moto():
    with sqs_server() as environment, patch.dict(os.environ, environment):
        yield {}


def measure(tasks=100, databases=tuple(DATABASES)):
    """Try every broker that keeps its tasks, as far as there is a server."""
    trials = {
        f"ORM on {name}": ({"MySQL": MYSQL}.get(name, ORM), name, nullcontext({}))
        for name in databases
    }
    trials["SQS (moto)"] = page_settings("sqs"), "SQLite", moto()
    mongo = {"MongoDB": (page_settings("mongodb"), "SQLite", mongodb())}
    trials |= mongo if "MONGODB_URL" in os.environ else {}
    rows = []
    for name, (settings, database, server) in trials.items():
        with server as keys:
            here = settings | {"Q_CLUSTER": settings["Q_CLUSTER"] | keys}
            rows.append({"broker": name} | trial(here, database, tasks))
    return {"rows": rows}
