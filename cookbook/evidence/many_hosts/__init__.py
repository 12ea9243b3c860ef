"""Run clusters as hosts of their own, and take one of them away in several ways.

Each host has links of its own to PostgreSQL and to Redis, and a clock. The small size:

>>> from cookbook.evidence import many_hosts
>>> from cookbook.evidence.many_hosts import measure, schedules
>>> runs = {
...     "ORM": [many_hosts.CUT, many_hosts.FAST], "Redis": [many_hosts.DEAD]
... }
>>> looks = {"ORM": [schedules.LIMITED], "Redis": [schedules.KILLED]}
>>> figures = measure(
...     runs, looks, tasks=30, away=9, retry=8, due=(3, 4), many=20, numbers=[1]
... )
>>> cut, fast, dead = figures["rows"]
>>> cut["lost"], fast["lost"]
(0, 0)

Redis loses what a killed host had fetched:

>>> dead["lost"] <= figures["held"]
True

A host whose clock is an hour fast hides what it enqueues from the others, and could
fetch what they have fetched:

>>> figures["fast"]
{'hidden': 10, 'again': 10, 'tasks': 10}

On PostgreSQL four hosts run a schedule once; on Redis a host that is killed while it
looks has enqueued what the next one enqueues again:

>>> print(figures["looks"])
| broker, fault | due | missed | twice | longest look of the others, s |
| --- | ---: | ---: | ---: | ---: |
| ORM, cut off, PostgreSQL waits 2 s | 12 | 0 | 0 | ... |
| Redis, killed while it looks | 12 | 0 | 1 | ... |
"""

import os
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from django.db.models import F
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.evidence.many_hosts.hosts import CLUSTER, hosts
from cookbook.evidence.many_hosts.schedules import KILLED, LIMITED, SILENT, schedule
from cookbook.evidence.many_hosts.schedules import NONE as NOBODY
from cookbook.harness import trial
from cookbook.site.figures import table

HOUR = 60 * 60
HELD = CLUSTER["workers"] + CLUSTER["queue_limit"] + 1  # Tasks in one cluster.


def work(number):
    """Do the task; the journal is no part of the network."""
    host = os.environ["HOST"]
    trial.write(f"began {number} {host} {time.monotonic()}")
    time.sleep(0.05)
    trial.write(f"ended {number} {host} {time.monotonic()}")


def enqueue(tasks, hours=0):
    """Enqueue tasks that have waited for some hours."""
    for number in range(tasks):
        async_task(work, number)
    OrmQ.objects.update(lock=F("lock") - timedelta(hours=hours))


def remaining():
    """Count what the broker still has, locked or not; Redis knows no locks."""
    return OrmQ.objects.count() or get_broker().queue_size()


def wait_until_empty(seconds):
    trial.wait_until(
        lambda: remaining() == 0, seconds, lambda: f"{remaining()} tasks are left"
    )


def executions(folder):
    """Return the journal of the tasks: (what, number, host, when)."""
    path = folder / "journal"
    lines = path.read_text().splitlines() if path.exists() else []
    return [
        (what, int(number), int(host), float(when))
        for what, number, host, when in map(str.split, lines)
    ]


def cut_off(host, away):
    host.cut()
    end = time.monotonic() + away
    trial.wait_until(lambda: time.monotonic() > end, away + 60, str)
    host.heal()


def kill(host, away):
    host.cluster.kill()


def nothing(host, away):
    pass


NONE, CUT, DEAD, SLOW, FAST, LONG, LATE, OLD = (
    "no fault",
    "cut off",
    "killed",
    "delayed",
    "1 h fast",
    "fast, 2 h",
    "1 h slow",
    "slow+old",
)
HARM = {CUT: cut_off, DEAD: kill}
DELAYS = {SLOW: 0.02}
CLOCKS = {FAST: HOUR, LONG: HOUR, LATE: -HOUR, OLD: -HOUR}
RUNS = {
    "ORM": (NONE, CUT, DEAD, SLOW, FAST, LONG, LATE, OLD),
    "Redis": (NONE, CUT, DEAD, SLOW, FAST, LATE),
}


def count(broker, fault, tasks, away, retry):
    """Let three hosts run tasks, harm the first after a third of them, and count."""
    retry = 2 * HOUR if fault == LONG else retry
    clock, delay = CLOCKS.get(fault, 0), DELAYS.get(fault, 0)
    with hosts(broker, 3, clock, delay, retry=retry) as (environment, all_hosts):
        folder = Path(environment["WORKSPACE"])
        trial.call(environment, enqueue, tasks, 2 * (fault == OLD))
        for host in all_hosts:
            host.start()
        first = all_hosts[0]
        trial.wait_until(
            lambda: len(executions(folder)) > tasks * 2 / 3,
            120,
            lambda: f"no task ran.{first.cluster.advice}",
        )
        HARM.get(fault, nothing)(first, away)
        trial.call(environment, wait_until_empty, 180)
        for host in all_hosts[fault == DEAD :]:  # They end what they have fetched.
            host.cluster.stop(120)
        lines = executions(folder)
    began = Counter(number for what, number, *_ in lines if what == "began")
    ended = {number for what, number, *_ in lines if what == "ended"}
    times = [when for *_, when in lines]
    return {
        "broker, fault": f"{broker}, {fault}",
        "lost": tasks - len(ended),
        "twice": sum(times > 1 for times in began.values()),
        "begun on it": sum(what == "began" and not host for what, _, host, _ in lines),
        "seconds": round(max(times) - min(times), 1),
    }


def sizes():
    """Return what this host could fetch, and what is locked for it."""
    broker = get_broker()
    return broker.queue_size(), broker.lock_size()


def fetch(tasks):
    """Enqueue tasks, fetch them all, and do not acknowledge them."""
    broker = get_broker()
    broker.purge_queue()
    enqueue(tasks)
    for _ in range(tasks):
        broker.dequeue()


def look_at(tasks=10):
    """Let a host whose clock is an hour fast enqueue, and another one fetch.

    Return how many tasks the fast one hides from the other, and how many it could
    fetch although the other has them.
    """
    with hosts("ORM", 1, HOUR, retry=600) as (environment, (host,)):
        host.call(enqueue, tasks)
        _, hidden = trial.call(environment, sizes)
        trial.call(environment, fetch, tasks)
        again, _ = host.call(sizes)
    return {"hidden": hidden, "again": again, "tasks": tasks}


def empty(number):
    """Take no time, so that what is measured is Django-Q2 and its database."""
    trial.write(f"ended {number} 0 {time.monotonic()}")


def enqueue_empty(tasks):
    for number in range(tasks):
        async_task(empty, number)


def rate(number, tasks):
    """Return how many empty tasks a second a number of hosts run."""
    with hosts("ORM", number, retry=60, bulk=10) as (environment, all_hosts):
        folder = Path(environment["WORKSPACE"])
        trial.call(environment, enqueue_empty, tasks)
        for host in all_hosts:
            host.start()
        trial.wait_until(
            lambda: len(executions(folder)) >= tasks, 120, lambda: "it was not done"
        )
        for host in all_hosts:
            host.cluster.stop(120)
        times = [when for *_, when in executions(folder)]
    return round(len(times) / (max(times) - min(times)))


LOOKS = {
    "ORM": (NOBODY, KILLED, SILENT, LIMITED),
    "Redis": (NOBODY, KILLED, SILENT),
}


def measure(
    runs=RUNS,
    looks=LOOKS,
    tasks=240,
    away=30,
    retry=20,
    due=(10, 20),
    many=600,
    numbers=(1, 3),
):
    """`due` is the number of schedules, and how often each is due."""
    rows = [
        count(broker, fault, tasks, away, retry)
        for broker, faults in runs.items()
        for fault in faults
    ]
    schedulers = [
        schedule(broker, fault, *due)
        for broker, faults in looks.items()
        for fault in faults
    ]
    return {
        "tasks": tasks,
        "away": away,
        "retry": retry,
        "held": HELD,
        "fast": look_at(),
        "rates": {str(number): rate(number, many) for number in numbers},
        "rows": rows,
        "row": {row["broker, fault"]: row for row in rows},
        "looks": table(schedulers),
        "chart": ["broker, fault", "twice"],
    }
