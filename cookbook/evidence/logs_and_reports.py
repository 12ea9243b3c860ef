"""Count lines and reports while clusters are killed and Sentry does not answer.

The small size: three of the faults, one on each broker and database.

>>> from cookbook.evidence.logs_and_reports import measure
>>> runs = {
...     "SQLite": ["kill -9"],
...     "PostgreSQL": ["database gone for 5 s"],
...     "Redis": ["Sentry raises", "each task delivered twice"],
... }
>>> rows = measure(runs, tasks=20)["rows"]
>>> for row in rows:
...     print(row["wrong ids"], row["lost"], row["issues"])
0 0 2
0 0 2
0 0 0
0 0 2

A run that was not cut off has one line:

>>> [row["runs"] - row["lines"] for row in rows[2:]]
[0, 0]
"""

import json
import os
import signal
import socket
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sentry_sdk
from django.core.signals import request_started
from django_q.brokers import get_broker
from django_q.signals import pre_enqueue
from django_q.signing import SignedPackage
from django_q.tasks import async_task
from sentry_sdk.transport import Transport

from cookbook.catalogue import find
from cookbook.evidence.recipes_under_faults.servers import PostgreSQL
from cookbook.harness import trial
from cookbook.recipes.json_logs.request_ids import request_id

CLUSTER = {"name": "shop", "workers": 2, "timeout": 14, "retry": 16}
CLUSTER |= {"save_limit": 0, "ack_failures": True}
BROKER = {
    "SQLite": {"orm": "default"},
    "PostgreSQL": {"orm": "default"},
    "Redis": {"redis": ""},
}
APPS = ["cookbook.recipes.json_logs", "cookbook.recipes.error_reports"]


class File(Transport):
    """Write each event into a file, as a server would get it."""

    def capture_envelope(self, envelope):
        with Path(os.environ["WORKSPACE"], "events").open("a") as file:
            file.write(json.dumps(envelope.get_event(), default=str) + "\n")


class Broken(Transport):
    def capture_envelope(self, envelope):
        raise OSError("no route to host")


def start_sentry():
    """Start Sentry once in a worker; it waits for an address that never answers."""
    if not sentry_sdk.is_initialized():
        kinds = {"file": File, "broken": Broken, "silent": None}
        transport = kinds[os.environ["SENTRY"]]
        sentry_sdk.init(os.environ["SENTRY_DSN"], transport=transport, release="1")


def work(number):
    """Run, and fail in one of two ways with one number in five."""
    start_sentry()
    trial.write(f"{number} {request_id.get()} {os.getpid()}")
    time.sleep(0.05)
    if number % 10 == 0:
        raise ValueError(number)
    if number % 10 == 5:
        raise KeyError(number)


def enqueue(tasks, times):
    """Enqueue ten tasks in each request, as a view would."""
    packages = []
    pre_enqueue.connect(lambda task, **_: packages.append(dict(task)), weak=False)
    for number in range(tasks):
        header = {"HTTP_X_REQUEST_ID": f"request-{number // 10}"}
        request_started.send(sender=None, environ=header)
        async_task(work, number)
    again, broker = packages * (times - 1), get_broker()
    _ = [broker.enqueue(SignedPackage.dumps(package)) for package in again]


def waiting():
    broker = get_broker()
    return (broker.lock_size() or 0) + broker.queue_size()


@contextmanager
def place(broker, fault):
    """Give a project with both recipes, and the server of its database to stop."""
    settings = {
        "Q_CLUSTER": CLUSTER | BROKER[broker],
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
        "INSTALLED_APPS": APPS,
        "LOGGING": find("json-logs").settings()["LOGGING"],
    }
    with (
        trial.workspace(settings) as environment,
        socket.create_server(("127.0.0.1", 0)) as silent,
        ExitStack() as stack,
    ):
        server = None
        if broker == "PostgreSQL":
            server = PostgreSQL(environment)
            server.start()
            stack.callback(lambda: server.stop())
            environment |= {"DATABASE_URL": server.url}
            trial.Process(environment).manage("migrate", "--verbosity=0")
        kinds = {"Sentry raises": "broken", "Sentry never answers": "silent"}
        yield (
            environment
            | {
                "SENTRY": kinds.get(fault, "file"),
                "SENTRY_DSN": f"http://key@127.0.0.1:{silent.getsockname()[1]}/1",
            },
            server,
        )


def kill(environment, server, clusters, folder):
    """Kill the worker of the last run, then all of the cluster; start another."""
    os.kill(int(runs(folder)[-1][2]), signal.SIGKILL)
    clusters[-1].kill()
    clusters.append(trial.Cluster(environment).start())


def stop_database(environment, server, clusters, folder):
    server.stop()
    end = time.monotonic() + 5
    trial.wait_until(lambda: time.monotonic() > end, 9, str)
    server.start()


HARM = {"kill -9": kill, "database gone for 5 s": stop_database}
RUNS = {
    "SQLite": ["none", "each task delivered twice", "kill -9"],
    "PostgreSQL": ["kill -9", "database gone for 5 s", "Sentry never answers"],
    "Redis": ["kill -9", "Sentry raises", "Sentry never answers"],
}


def runs(folder):
    """Return the runs that began: (number, request id, pid of the worker)."""
    return [line.split() for line in (folder / "journal").read_text().splitlines()]


def read(text):
    """Return the JSON objects among the lines of a file."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def count(broker, fault, tasks):
    """Enqueue, do harm in the middle, and count runs, lines and reports."""
    times = 2 if fault.endswith("twice") else 1
    with place(broker, fault) as (environment, server):
        folder = Path(environment["WORKSPACE"])
        (folder / "journal").touch()
        (folder / "events").touch()
        trial.call(environment, enqueue, tasks, times)
        clusters = [trial.Cluster(environment).start()]
        trial.wait_until(
            lambda: len(runs(folder)) > tasks / 3,
            120,
            lambda: f"nothing ran.{clusters[-1].advice}",
        )
        HARM.get(fault, lambda *_: None)(environment, server, clusters, folder)
        trial.wait_until(
            lambda: trial.call(environment, waiting) == 0,
            300,
            lambda: f"the queue never became empty.{clusters[-1].advice}",
        )
        clusters[-1].stop()
        began = runs(folder)
        logs = [line for cluster in clusters for line in read(cluster.log)]
        events = read((folder / "events").read_text())
    lines = [line for line in logs if "task_id" in line]
    requests = {f"request-{number // 10}" for number in range(tasks)}
    wrong = [n for n, used, _ in began if used != f"request-{int(n) // 10}"]
    wrong += [line for line in lines if line["request_id"] not in requests]
    return {
        "broker, fault": f"{broker}, {fault}",
        "runs": len(began),
        "lines": len(lines),
        "wrong ids": len(wrong),
        "failures": sum(not line["success"] for line in lines),
        "reports": len(events),
        "issues": len({tuple(event["fingerprint"]) for event in events}),
        "lost": tasks - len({number for number, *_ in began}),
    }


def measure(runs=RUNS, tasks=200):
    rows = [count(on, fault, tasks) for on, faults in runs.items() for fault in faults]
    return {
        "tasks": tasks,
        "wrong": sum(row["wrong ids"] for row in rows),
        "issues": max(row["issues"] for row in rows),
        "runs": len(rows),
        "rows": rows,
    }
