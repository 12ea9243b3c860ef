"""Kill what works on tasks, stop the database, and compare the trail with the truth.

The small size has SQLite, and Redis with its trail in a PostgreSQL that is stopped:

>>> from cookbook.evidence.audit_trail import measure
>>> figures = measure(["SQLite", "Redis"], tasks=24, cuts=1)
>>> sqlite, redis = figures["rows"]
>>> sqlite["cut off"] > 0, sqlite["shown as unended"] >= sqlite["cut off"]
(True, True)
>>> [row["no trace"] for row in figures["rows"]]
[0, 0]
>>> figures["wrong"]
0
"""

import json
import os
import re
import signal
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.signals import pre_enqueue
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from cookbook.evidence.recipes_under_faults.servers import own_postgresql
from cookbook.harness import trial
from cookbook.recipes.audit_trail.who import acting_as

# `retry` is short so that the waits are; a task that runs longer runs twice.
CLUSTER = {
    "name": "shop", "workers": 2, "timeout": 60, "retry": 6, "queue_limit": 4,
    "ack_failures": True,
}  # fmt: skip
BROKERS = {
    "SQLite": {"orm": "default"},
    "PostgreSQL": {"orm": "default"},
    "Redis": {"redis": "redis://localhost:6379/0"},
}
APP = "cookbook.recipes.audit_trail"
TOKEN, OUTAGE = "tok_4242", 5  # Seconds.
ENDS = ("succeeded", "failed")
ONLY_LOG = re.compile(r"an entry of the audit trail is only here: (\{.*\})$", re.M)


def work(number, power, card_token):
    """Write a row, and fail for every fourth number, which takes the row back.

    `power` is what it does when it runs for the first time: "worker" kills its worker,
    "cluster" the whole cluster, as a power cut would.
    """
    trial.write(f"begin {number}")
    is_first = trial.written().count(f"begin {number}") == 1
    try:
        time.sleep(0.2)
        kill = {power: signal.SIGKILL} if is_first else {}
        os.kill(os.getpid(), kill.get("worker", 0))
        os.killpg(0, kill.get("cluster", 0))
        with transaction.atomic():
            Group.objects.create(name=f"{number} at {time.monotonic()}")
            if number % 4 == 1:
                raise ValueError(card_token)
    finally:
        trial.write(f"end {number}")


def enqueue(tasks, cuts):
    """Enqueue all tasks, each in the name of a user.

    Every tenth in a transaction that is rolled back, every third with a clock that is
    an hour slow, every fifth is delivered twice. Some kill their worker or cluster.
    """
    packages = []
    pre_enqueue.connect(lambda task, **_: packages.append(dict(task)), weak=False)
    now = timezone.now
    cut = {tasks * (n + 1) // (cuts + 1) for n in range(cuts)}
    for number in range(tasks):
        power = "cluster" if number in cut else ("worker" if number % 20 == 7 else "")
        slow = timedelta(hours=number % 3 == 2)
        with (
            acting_as(f"user {number}"),
            patch.object(timezone, "now", lambda slow=slow: now() - slow),
            transaction.atomic(),
        ):
            async_task(work, number, power, card_token=TOKEN)
            transaction.set_rollback(number % 10 == 9)
    broker = get_broker()
    for package in packages[::5]:
        broker.enqueue(SignedPackage.dumps(package))


def waiting():
    broker = get_broker()
    return broker.queue_size() + (broker.lock_size() or 0)


def trail():
    """Return what the trail says: [(event, number, run)], and how much is wrong."""
    from cookbook.recipes.audit_trail.models import Entry  # Its app is in the project.

    entries = list(Entry.objects.order_by("pk"))
    wrong = sum(
        TOKEN in f"{vars(entry)}" or entry.who != f"user {number_in(entry.arguments)}"
        for entry in entries
    )
    most = timedelta(minutes=30)  # The clock of some callers is an hour slow.
    wrong += sum(abs(entry.at - entries[-1].at) > most for entry in entries)
    unended = Entry.objects.unended().values_list("run", flat=True)
    events = [(e.event, number_in(e.arguments), e.run) for e in entries]
    # A task of these numbers always fails, so its row was taken back.
    wrong += sum(int(row.name.split()[0]) % 4 == 1 for row in Group.objects.all())
    return events, list(unended), wrong


def number_in(arguments):
    return json.loads(arguments)["number"]


@contextmanager
def project_on(broker, **settings):
    """Give a project, and the server of its database if that can be stopped."""
    settings |= {
        "Q_CLUSTER": CLUSTER | BROKERS[broker],
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    with trial.workspace(settings, seconds=60) as project:
        if broker == "SQLite":
            yield project, None
            return
        with own_postgresql(project) as server:
            yield project, server


def lines(folder, word):
    """Return the numbers of the journal's lines of one kind."""
    text = (folder / "journal").read_text() if (folder / "journal").exists() else ""
    return [int(line.split()[1]) for line in text.splitlines() if word in line]


def disturb(project, server, folder, cuts):
    """Run clusters until the queue is empty, and return them.

    The database stops once, and each cluster that a task has killed is replaced.
    """
    clusters = [trial.Cluster(project).start()]
    for cut in range(cuts):
        cluster = clusters[-1]
        trial.wait_until(
            lambda cluster=cluster: cluster.process.poll() is not None,
            240,
            lambda cluster=cluster: f"no task has killed it.{cluster.advice}",
        )
        clusters.append(trial.Cluster(project).start())
        if server and cut == 0:
            begun = len(lines(folder, "begin"))
            trial.wait_until(
                lambda begun=begun: len(lines(folder, "begin")) > begun + 2,
                60,
                lambda: f"nothing runs.{clusters[-1].advice}",
            )
            server.stop()
            end = time.monotonic() + OUTAGE
            trial.wait_until(lambda end=end: time.monotonic() > end, 60, str)
            server.start()
    trial.wait_until(
        lambda: trial.call(project, waiting) == 0,
        300,
        lambda: f"the queue never became empty.{clusters[-1].advice}",
    )
    clusters[-1].stop(120)
    return clusters


def count(broker, tasks, cuts):
    with project_on(broker, INSTALLED_APPS=[APP]) as (project, server):
        folder = Path(project["WORKSPACE"])
        trial.call(project, enqueue, tasks, cuts)
        clusters = disturb(project, server, folder, cuts)
        (events, unended, wrong) = trial.call(project, trail)
        logs = "".join(cluster.log for cluster in clusters)
        begins, ends = lines(folder, "begin"), lines(folder, "end")
    only_log = [json.loads(text) for text in ONLY_LOG.findall(logs)]
    events += [(e["event"], number_in(e["arguments"]), e["run"]) for e in only_log]
    wrong += logs.count(f'{TOKEN}"')
    began = Counter(n for event, n, _ in events if event == "began")
    ended = Counter(n for event, n, _ in events if event in ENDS)
    ends_only_log = {e["run"] for e in only_log if e["event"] in ENDS}
    requests = {number for event, number, _ in events if event == "requested"}
    missing = (Counter(begins) - began) + (Counter(ends) - ended)
    return {
        "broker": broker,
        "runs": len(begins),
        "cut off": len(begins) - len(ends),
        "shown as unended": len(set(unended) - ends_only_log),
        "entries": len(events),
        "only in the log": len(only_log),
        "no trace": missing.total(),
        "never began": len(requests - set(begins)),
        "no request": len(set(begins) - requests),
    }, wrong


def measure(brokers=tuple(BROKERS), tasks=200, cuts=3):
    rows, wrong = zip(*(count(one, tasks, cuts) for one in brokers), strict=True)
    return {
        "tasks": tasks,
        "cuts": cuts,
        "outage": OUTAGE,
        "runs": sum(row["runs"] for row in rows),
        "cut_off": sum(row["cut off"] for row in rows),
        "unended": sum(row["shown as unended"] for row in rows),
        "no_trace": sum(row["no trace"] for row in rows),
        "only_log": sum(row["only in the log"] for row in rows),
        "wrong": sum(wrong),
        "rows": list(rows),
    }
