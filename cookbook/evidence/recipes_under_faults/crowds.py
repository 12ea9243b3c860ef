"""Let many rows move, and many clusters, queues and deliveries meet.

>>> from cookbook.evidence.recipes_under_faults.crowds import crowds
>>> print(crowds())
| Part | 150,000 rows move | Busy producer | Two queues | Two clusters | Twice |
| --- | --- | --- | --- | --- | --- |
| audit-trail: receivers | | | | | 2 runs |
| health-dashboard: views | 200 | | | 3 clusters | |
| long-workflow: views | 202 | | | | completed once |
| metrics: receivers | | | | counts 30 | counts 2 |
| metrics: views | 200 | | | 3 clusters | |
| named-worker: process | | | reports | | |
| qdrain: command | not drained | not drained | drained, not drained, drained | | |
| qhealth: command | `NO_CLUSTER` | | `NO_CLUSTER, POISONED` | 3 clusters | |
| roll-secret-key: command | 100 signed | 100 signed | 2 signed | | |
| several-clusters: receivers | | | accepted | | |
| sqlite-in-production: command | kept, or refused | | | | |
| without-daemons: command | exit 0 | exit 0 | its own | | |
"""

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task, fetch, result

from cookbook.harness.trial import (
    Process,
    call,
    source,
    wait_until,
    write,
    written,
)
from cookbook.recipes.audit_trail.models import Entry
from cookbook.recipes.long_workflow.tasks import queue_workflow
from cookbook.recipes.metrics.models import Finished

from .trials import (
    DASHBOARD,
    METRICS,
    SERVERS,
    ask,
    backup,
    boss,
    browser,
    cluster,
    command,
    drained,
    ends,
    findings,
    get,
    matrix,
    post,
    project_on,
    statuses,
)

ROWS = 150_000
OLD = "the-key-of-last-year"
QUEUES = ("shop", "reports")


def crowds():
    trials = [(trial, server) for trial in (move, meet) for server in SERVERS]
    with ThreadPoolExecutor(3) as at_once:
        runs = [(server, at_once.submit(trial, server)) for trial, server in trials]
        return matrix([(server, run.result()) for server, run in runs])


# Many rows, and a producer that is busy.


def move(server):
    """Judge beside a process that ends tasks and enqueues others all the time."""
    with project_on(server) as project:
        call(project, fill, ROWS)
        with beside(project, take_and_give):
            moving = ask(project, __name__, "MOVING")["MOVING"]
        call(project, purge)
        call(project, fill, 1)
        with beside(project, give):
            busy = ask(project, __name__, "BUSY")["BUSY"]
    return {"150,000 rows move": moving, "Busy producer": busy}


@contextmanager
def beside(project, function):
    line = ["shell", "--no-imports", "-c", source(function)]
    process = Process(project).start(*line)
    wait_until(lambda: "begins" in process.log, 30, lambda: process.log)
    yield
    process.stop()


def package(function, *arguments):
    """Return the signed package of a task that was not enqueued."""
    with patch.object(type(get_broker()), "enqueue") as enqueue:
        async_task(function, *arguments)
    return enqueue.call_args.args[0]


def fill(number):
    """Enqueue so many tasks, and a hundred under the key of last year."""
    broker, one = get_broker(), package("math.sqrt", 4)
    broker.enqueue(one)
    copy = "INSERT INTO django_q_ormq (key, payload, lock) SELECT key, payload, lock "
    while (rows := broker.queue_size()) < number:
        more = min(rows, number - rows, 10_000 if Conf.REDIS else number)
        if Conf.ORM:
            with connection.cursor() as cursor:
                cursor.execute(f"{copy} FROM django_q_ormq LIMIT %s", [more])
        else:
            broker.connection.rpush(broker.list_key, *[one] * more)
    with patch.object(Conf, "SECRET_KEY", OLD):
        for _ in range(100):
            async_task("math.sqrt", 4)


def take_and_give():
    """Fetch and acknowledge tasks like many clusters, and enqueue as many."""
    broker, one = get_broker(), package("math.sqrt", 4)
    print("begins", flush=True)
    while True:
        if Conf.ORM:
            oldest = OrmQ.objects.order_by("pk").values_list("pk", flat=True)[:20]
            OrmQ.objects.filter(pk__in=list(oldest)).delete()
        else:
            broker.connection.lpop(broker.list_key, 20)
        for _ in range(20):
            broker.enqueue(one)
        time.sleep(0.01)


def give():
    """Enqueue a task every ten milliseconds."""
    broker, one = get_broker(), package("math.sqrt", 4)
    print("begins", flush=True)
    while True:
        broker.enqueue(one)
        time.sleep(0.01)


def purge():
    for queue in QUEUES:
        get_broker(queue).purge_queue()


def resign():
    with override_settings(SECRET_KEY_FALLBACKS=[OLD]):
        _, printed = command("resign_queue")
    return re.sub(r" of \d+ (signed) anew\n", r" \1", printed)


MOVING = {
    "health-dashboard: views": lambda: get(DASHBOARD, times=10),
    "long-workflow: views": lambda: statuses([post()]),
    "metrics: views": lambda: get(METRICS, times=10),
    "qdrain: command": lambda: drained("--seconds=1"),
    "qhealth: command": findings,
    "roll-secret-key: command": resign,
    "sqlite-in-production: command": lambda: backup("copy.sqlite3"),
    "without-daemons: command": lambda: ends(["drain_queue", "--seconds=1"]),
}
BUSY = {
    "qdrain: command": lambda: drained("--seconds=3"),
    "roll-secret-key: command": resign,
    "without-daemons: command": lambda: ends(["drain_queue", "--seconds=1"]),
}


# Two queues and three clusters.


def meet(server):
    """Judge before and while two clusters serve one queue, and a third another."""
    with project_on(server) as project:
        before = ask(project, __name__, "BEFORE")["BEFORE"]
        running = [cluster(project, name) for name in ("worker", "worker", "reports")]
        queues, both, twice = ask(project, __name__, "BESIDE", "BOTH", "TWICE").values()
        for one in running:
            one.stop()
            assert "reincarnated" not in one.log, one.log
    return {"Two queues": before | queues, "Two clusters": both, "Twice": twice}


def enqueue_both():
    for queue in QUEUES:
        async_task("math.sqrt", 4, cluster=queue)


def sizes():
    return [get_broker(queue).queue_size() for queue in QUEUES]


def accept():
    enqueue_both()
    answers = "accepted" if sizes() == [1, 1] else "lost"
    purge()
    return answers


def probe_in_turn():
    """Probe two queues in turn; a task of each is fetched three times.

    Redis forgets what was fetched, so there each queue has a package of another key.
    """
    enqueue_both()
    with patch.object(Conf, "SECRET_KEY", OLD):
        enqueue_both()
    for number in range(3):
        soon = timezone.now() + timedelta(seconds=60 + number)
        OrmQ.objects.update(lock=soon)
        matches = set()
        for queue in QUEUES:
            with patch.object(Conf, "CLUSTER_NAME", queue):
                matches.add(findings())
    purge()
    return " or ".join(matches)


def resign_both():
    with patch.object(Conf, "SECRET_KEY", OLD):
        enqueue_both()
    answers = resign()
    purge()
    return answers


def drain_one():
    enqueue_both()
    command("drain_queue", "--seconds=30")
    answers = "its own" if sizes() == [0, 1] else "lost"
    purge()
    return answers


BEFORE = {
    "qhealth: command": probe_in_turn,
    "roll-secret-key: command": resign_both,
    "several-clusters: receivers": accept,
    "without-daemons: command": drain_one,
}


def work():
    """A task that works until it may end."""
    write("begins")
    end = Path(os.environ["WORKSPACE"], "end")
    wait_until(end.exists, 60, lambda: "nobody ends the task")


def drain_beside_another():
    task = async_task(work, cluster="reports")
    wait_until(lambda: "begins" in written(), 60, written)
    answers = [drained("--queue=shop"), drained("--seconds=0")]
    Path(os.environ["WORKSPACE"], "end").touch()
    assert fetch(task, wait=60_000).success
    return ", ".join([*answers, drained("--seconds=60")])


def own_queue():
    return Conf.CLUSTER_NAME


BESIDE = {
    "named-worker: process": lambda: result(
        async_task(own_queue, cluster="reports"), wait=60_000
    ),
    "qdrain: command": drain_beside_another,
}


def finished(func):
    return sum(Finished.objects.filter(func=func).values_list("tasks", flat=True))


def count_runs():
    """Run thirty tasks in three clusters; each is counted once."""
    ids = [
        async_task("math.floor", number, cluster=queue)
        for number in range(15)
        for queue in QUEUES
    ]
    assert all(fetch(task, wait=60_000).success for task in ids)
    wait_until(lambda: finished("math.floor") >= 30, 30, lambda: "not counted")
    return f"counts {finished('math.floor')}"


def see(question, answer):
    """Ask until three clusters are seen.

    Two that write one list into a cache at the same time hide one of them from
    Django-Q2, until its next heartbeat.
    """
    wait_until(lambda: answer in question(), 30, question)
    return "3 clusters"


def content(name):
    return browser().get(reverse(name)).content.decode()


BOTH = {
    "health-dashboard: views": lambda: see(
        lambda: f"{content(DASHBOARD).count('<td>Idle</td>')} idle", "3 idle"
    ),
    "metrics: receivers": count_runs,
    "metrics: views": lambda: see(lambda: content(METRICS), "django_q_clusters 3.0"),
    "qhealth: command": lambda: see(
        lambda: command("qhealth", "live")[1], "HEALTHY: 3 clusters"
    ),
}


def deliver_twice(one, is_done):
    for _ in range(2):
        get_broker().enqueue(one)
    wait_until(is_done, 60, lambda: "it was not delivered twice")


def count_twice():
    deliver_twice(package("math.ceil", 4), lambda: finished("math.ceil") >= 2)
    return f"counts {finished('math.ceil')}"


def work_twice():
    with patch.object(type(get_broker()), "enqueue") as enqueue:
        run = queue_workflow(boss(), "report", {"pages": 1})

    def is_done():
        run.refresh_from_db()
        return run.deliveries == 2 and run.finished

    deliver_twice(enqueue.call_args.args[0], is_done)
    return f"{run.status} once"


def trail_twice():
    runs = Entry.objects.filter(func="math.trunc", event=Entry.Event.SUCCEEDED)
    deliver_twice(package("math.trunc", 4), lambda: runs.count() >= 2)
    return f"{runs.values('run').distinct().count()} runs"


TWICE = {
    "audit-trail: receivers": trail_twice,
    "long-workflow: views": work_twice,
    "metrics: receivers": count_twice,
}
