"""Disturb deploys of schedules, and let the scheduler meet bad rows and other clocks.

The small size, on a PostgreSQL of its own: two deploys at once, one that is killed, and
one that loses the database.

>>> from cookbook.evidence.schedules_as_code import measure
>>> figures = measure(["PostgreSQL"], schedules=8, deploys=2, kills=1)
>>> figures["rows"][1:]
[{'database, command': 'PostgreSQL, `sync_schedules`', 'twice at first': 0, ...}]
>>> [*figures["rows"][1].values()]
['PostgreSQL, `sync_schedules`', 0, 0, 0, 0, 0]

A look of the scheduler at eight schedules that are due, and a bad one in their middle:

>>> figures["bad"]
{'ORM': [0, 0], 'Redis': [4, 8], 'ORM, paused': [8, 8], 'Redis, paused': [8, 8]}
>>> figures["jumps"]
{'an hour back': 0, 'an hour on': 8, 'right again': 0}
"""

import math
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Schedule
from django_q.scheduler import scheduler

from cookbook.evidence.async_tasks import waiting
from cookbook.evidence.recipes_under_faults.servers import own_postgresql
from cookbook.harness import trial
from cookbook.recipes.schedules_as_code import pause, registry

APP = {"INSTALLED_APPS": ["cookbook.recipes.schedules_as_code"]}
REDIS = {"orm": None, "redis": "redis://localhost:6379/0"}
AWAY = 5  # Seconds for which the database is away.
BERLIN = ZoneInfo("Europe/Berlin")


def define(first, last, minutes):
    """Define schedules in the registry of this process."""
    for number in range(first, last):
        registry.register(math.sqrt, number, name=f"{number}", minutes=minutes)


# Deploys.


def by_command():
    call_command("sync_schedules", stdout=StringIO())


def by_name():
    """What people write instead: look for the name, then change or create."""
    for name, job in registry.REGISTRY.items():
        values = {field: getattr(job, field) for field in ("func", "args", "minutes")}
        values["schedule_type"] = Schedule.MINUTES
        Schedule.objects.update_or_create(name=name, defaults=values)
    Schedule.objects.exclude(name__in=registry.REGISTRY).delete()


WAYS = {"by name": by_name, "`sync_schedules`": by_command}


def deploy(way, first, last, minutes, statements=10**9):
    """Wait for the other deploys, then run one. It dies after some statements."""
    define(first, last, minutes)
    trial.write("ready")
    go, stay = file(os.environ, "go"), file(os.environ, "stay")
    trial.wait_until(go.exists, 60, lambda: "the other deploys did not come")
    finished = []

    def disturb(execute, *statement):
        answer = execute(*statement)
        finished.append(statement)
        trial.write("statement")
        is_over = len(finished) > statements
        os.kill(os.getpid(), signal.SIGKILL if is_over else 0)
        is_early = len(finished) < 5
        trial.wait_until(lambda: is_early or not stay.exists(), 60, str)
        return answer

    with connection.execute_wrapper(disturb):
        way()


def file(project, name):
    return Path(project["WORKSPACE"], name)


def journal(project, word):
    path = file(project, "journal")
    return path.read_text().splitlines().count(word) if path.exists() else 0


def run(project, *deployment):
    """Run a deploy in a process of its own; say whether it failed."""
    try:
        trial.call(project, deploy, *deployment)
    except subprocess.CalledProcessError:
        return True
    return False


def stop_database(server, project, *deployment):
    """Stop the server for some seconds in the middle of a deploy."""
    file(project, "stay").touch()
    before = journal(project, "statement")
    with ThreadPoolExecutor(1) as thread:
        failure = thread.submit(run, project, *deployment)
        trial.wait_until(
            lambda: journal(project, "statement") >= before + 5 or failure.done(),
            60,
            lambda: "the deploy did not begin",
        )
        server.stop()
        file(project, "stay").unlink()
        end = time.monotonic() + AWAY
        trial.wait_until(lambda: time.monotonic() > end, 2 * AWAY, str)
        server.start()
        assert failure.result(), "the deploy did not need the database"


@contextmanager
def project_on(database):
    """Give a project, and what stops its database in the middle of a deploy.

    SQLite has no server:

    >>> from cookbook.evidence.schedules_as_code import project_on
    >>> with project_on("SQLite") as (project, stop):
    ...     stop(project)
    """
    with trial.workspace(APP | {"Q_CLUSTER": trial.Q_CLUSTER}) as project:
        if database == "SQLite":
            yield project, lambda *_: None
            return
        with own_postgresql(project) as server:
            yield project, partial(stop_database, server)


def count(database, way, schedules, deploys, kills):
    """Deploy a release several times at once, then the next one, under faults."""
    half, at_once = schedules // 2, (WAYS[way], 0, schedules, 5)
    following = WAYS[way], half, schedules + half, 6
    with project_on(database) as (project, stop):
        with ThreadPoolExecutor(deploys) as threads:
            failures = [threads.submit(run, project, *at_once) for _ in range(deploys)]
            trial.wait_until(
                lambda: journal(project, "ready") == deploys, 60, lambda: failures
            )
            file(project, "go").touch()
        failed = sum(failure.result() for failure in failures)
        early = trial.call(project, differences, 0, schedules, 5)
        for _ in range(kills):
            run(project, *following, schedules // kills)
        stop(project, *following)
        failed += run(project, *following)
        return {
            "database, command": f"{database}, {way}",
            "twice at first": early["twice"],
            **trial.call(project, differences, half, schedules + half, 6),
            "deploys that failed": failed,
        }


def differences(first, last, minutes):
    """Say how the table differs from the definition."""
    names = [f"{registry.PREFIX}{number}" for number in range(first, last)]
    rows = Schedule.objects.exclude(func="django.core.management.call_command")
    stored = list(rows.values_list("name", flat=True))
    return {
        "missing": len({*names} - {*stored}),
        "twice": len(stored) - len({*stored}),
        "too old": rows.exclude(name__in=names, minutes=minutes).count(),
    }


# Looks of the scheduler.


def look(seconds=0):
    """Return how many tasks a look enqueues while the clock is off."""
    now, before, shift = timezone.now, waiting(), timedelta(seconds=seconds)
    with patch.object(timezone, "now", lambda: now() + shift):
        scheduler(get_broker())
    return waiting() - before


def enqueue_beside_a_bad_row(schedules, is_watched):
    """Save schedules that are due, a bad one among them; count the tasks of two looks.

    The second number counts the tasks of both.
    """
    if is_watched:
        pause.listen()
    then = timezone.now() - timedelta(minutes=1)
    for number in range(schedules + 1):
        args = "4,," if number == schedules // 2 else "4"
        Schedule.objects.create(
            func="math.sqrt", args=args, next_run=then, schedule_type=Schedule.DAILY
        )
    first = look()
    return [first, first + look()]


def jump(schedules):
    """Look at schedules that are due now, with three clocks."""
    now = timezone.now()
    for number in range(schedules):
        job = registry.register(
            math.sqrt, 4, name=f"{number}", cron=f"{now:%M} {now:%H} * * *"
        )
        job.save()
    Schedule.objects.update(next_run=now + timedelta(minutes=1))
    clocks = {"an hour back": -3600, "an hour on": 3600, "right again": 60}
    return {name: look(seconds) for name, seconds in clocks.items()}


NIGHTS = (
    datetime(2026, 3, 28, 12, tzinfo=BERLIN),
    datetime(2026, 10, 24, 12, tzinfo=BERLIN),
)
JOBS = {
    '`cron="30 1 * * *"`': {"schedule_type": "C", "cron": "30 1 * * *"},
    '`cron="30 2 * * *"`': {"schedule_type": "C", "cron": "30 2 * * *"},
    '`cron="30 3 * * *"`': {"schedule_type": "C", "cron": "30 3 * * *"},
    '`cron="0 2 * * *"`': {"schedule_type": "C", "cron": "0 2 * * *"},
    "`minutes=1440`, begun at 02:30": {"schedule_type": "I", "minutes": 1440},
    "Daily, begun at 02:30": {"schedule_type": "D"},
}


def clock_changes():
    """Let the scheduler run through the nights of 2026 when Berlin changes clocks.

    >>> from cookbook.evidence.schedules_as_code import clock_changes
    >>> print(clock_changes())
    | Schedule | 29 March: 02:00 becomes 03:00 | 25 October: 03:00 becomes 02:00 |
    | --- | --- | --- |
    | `cron="30 1 * * *"` | 01:30 CET; then 01:30 | 01:30 CEST; then 01:30 |
    | `cron="30 2 * * *"` | 03:00 CEST; then 02:30 | 02:30 CEST, 02:30 CET; then 02:30 |
    | `cron="30 3 * * *"` | 03:30 CEST; then 03:30 | 03:30 CET; then 03:30 |
    | `cron="0 2 * * *"` | 03:00 CEST; then 02:00 | 02:00 CEST, 02:00 CET; then 02:00 |
    | `minutes=1440`, begun at 02:30 | 03:30 CEST; then 03:30 | 02:30 CEST; then 01:30 |
    | Daily, begun at 02:30 | 01:30 CET; then 01:30 | 02:30 CEST; then 02:30 |
    """
    rows = trial.without_cluster(run_nights, time_zone=BERLIN.key)
    heads = (
        "Schedule",
        "29 March: 02:00 becomes 03:00",
        "25 October: 03:00 becomes 02:00",
    )
    lines = [heads, ["---"] * 3, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def run_nights():
    return [(name, *(run_night(n, job) for n in NIGHTS)) for name, job in JOBS.items()]


def run_night(noon, job):
    """Return the runs of the day that follows, and the first one of the day after."""
    Schedule.objects.all().delete()
    end, moments, clock = noon + timedelta(days=2), [], noon
    last = noon.replace(hour=2, minute=30)
    with patch.object(timezone, "now", lambda: clock):
        row = Schedule.objects.create(func="math.sqrt", args="4", next_run=last, **job)
        while row.next_run < end:
            clock = max(clock, row.next_run + timedelta(seconds=1))
            moments += [row.next_run.astimezone(BERLIN)] * look()
            row.refresh_from_db()
    days = [noon.day + 1, noon.day + 2]
    first, second = ([m for m in moments if m.day == day] for day in days)
    runs = ", ".join(f"{moment:%H:%M %Z}" for moment in first)
    return f"{runs}; then {second[0]:%H:%M}"


def measure(databases=("SQLite", "PostgreSQL"), schedules=200, deploys=4, kills=12):
    rows = [
        count(database, way, schedules, deploys, kills)
        for database in databases
        for way in WAYS
    ]
    looks = {"ORM": {}, "Redis": REDIS}
    bad = {
        f"{broker}{', paused' if is_watched else ''}": trial.without_cluster(
            enqueue_beside_a_bad_row, schedules, is_watched, **keys
        )
        for is_watched in (False, True)
        for broker, keys in looks.items()
    }
    return {
        "schedules": schedules,
        "deploys": deploys,
        "kills": kills,
        "away": AWAY,
        "rows": rows,
        "bad": bad,
        "jumps": trial.without_cluster(jump, schedules),
    }
