"""Rules that look at the running system: database, broker, clusters, files.

`qdoctor` asks them after the settings. Here a real cluster serves the queue `shop`:

>>> from django.db import connections
>>> from django_q.conf import Conf
>>> from pathlib import Path
>>> from cookbook.qdoctor.live import (
...     Q_CLUSTER, broker_down, look, no_croniter, no_wal, schedule_arguments,
...     schedule_function, schedule_overdue, secrets_printed, stale_locks, unserved,
... )
>>> from datetime import timedelta
>>> from unittest.mock import patch
>>> from django.utils import timezone
>>> from django_q.models import OrmQ, Schedule
>>> from django_q.tasks import async_task, result
>>> import sys, tempfile, types
>>> def found(rule, settings=None):
...     given = {"Q_CLUSTER": Q_CLUSTER, "BASE_DIR": "."} | (settings or {})
...     return [message for message, hint in rule(given)]
>>> result(async_task(abs, -1), wait=10_000)
1
>>> found(broker_down), found(unserved), found(stale_locks)
([], [], [])

Nobody serves the queue `reports`, and nobody will acknowledge a task of its:

>>> hour = timedelta(hours=1)
>>> row = OrmQ.objects.create(key="reports", payload="", lock=timezone.now() - hour)
>>> found(unserved)
["queue 'reports' has 1 task waiting, and no cluster takes any"]
>>> row.lock = timezone.now() + hour
>>> row.save()
>>> found(stale_locks)
["1 task of queue 'reports' is locked for longer than retry"]
>>> row.lock = timezone.now() + timedelta(seconds=20)
>>> row.save()
>>> found(stale_locks)
["1 task of queue 'reports' is held for longer than any task can take"]
>>> row.delete()
(1, {'django_q.OrmQ': 1})

Schedules that fail in silence, and mended ones:

>>> def schedule(func, **fields):
...     Schedule.objects.all().delete()
...     fields = {"next_run": timezone.now() + hour} | fields
...     Schedule.objects.bulk_create([Schedule(name="count", func=func, **fields)])
>>> schedule("no.such.function", args="1, name", kwargs="a=b")
>>> print(*found(schedule_arguments), *found(schedule_function), sep="\\n")
the args of schedule 'count' are no literals: 1, name
the kwargs of schedule 'count' are no literals: a=b
the function of schedule 'count' cannot be imported: no.such.function
>>> for words in ("x", "1", "**{}", "{[1]: 2}", "a) + (b", "{1: 2}"):
...     schedule("math.pow", args="()", kwargs=words)
...     assert len(found(schedule_arguments)) == 1, words
>>> schedule("math.pow", args="2, 3", kwargs="{'q_options': {}}")
>>> found(schedule_arguments), found(schedule_function), found(schedule_overdue)
([], [], [])
>>> with patch("pydoc.locate", side_effect=SyntaxError):
...     found(schedule_function)
["the function of schedule 'count' cannot be imported: math.pow"]
>>> past = timezone.now() - hour
>>> schedule("math.pow", args="2", kwargs="a=1", cluster="reports", next_run=past)
>>> found(schedule_arguments), found(schedule_overdue)
([], ["schedule 'count' is overdue, so no cluster 'reports' looks at it"])
>>> schedule("math.pow", schedule_type=Schedule.CRON, cron="0 8 * * 1")
>>> with patch.dict(sys.modules, croniter=None):
...     found(no_croniter)
['1 of the schedules have the type Cron, and croniter is not installed']
>>> with patch.dict(sys.modules, croniter=types.ModuleType("croniter")):
...     found(no_croniter)
[]
>>> schedule("math.pow", args="2, 3")
>>> with patch.dict(sys.modules, croniter=None):
...     found(no_croniter)
[]

A file of the project that prints secrets:

>>> with tempfile.TemporaryDirectory() as folder:
...     print(found(secrets_printed, {"BASE_DIR": folder}))
...     _ = Path(folder, "run.sh").write_text("./manage.py qcluster")
...     for name in ("Procfile", "readme.md"):
...         _ = Path(folder, name).write_text("info: ./manage.py qinfo --config\\n")
...     print(found(secrets_printed, {"BASE_DIR": folder}))
[]
['Procfile runs `qinfo --config`, which prints SECRET_KEY']

A database that is not in WAL, and a broker that is not there:

>>> found(no_wal)
[]
>>> engine = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
>>> with tempfile.TemporaryDirectory() as folder, patch.object(Conf, "ORM", "old"):
...     name = str(Path(folder, "old.sqlite3"))
...     connections.settings["old"] = connections.settings["default"] | engine
...     connections["old"].settings_dict["NAME"] = name
...     print(found(no_wal))
...     _ = connections["old"].cursor().execute("PRAGMA journal_mode = WAL")
...     print(found(no_wal))
...     connections["old"].close()
["the journal mode of 'old' is delete"]
[]

The queue may be in another database, here in one without a table at first:

>>> with tempfile.TemporaryDirectory() as folder, patch.object(Conf, "ORM", "old"):
...     connections["old"].settings_dict["NAME"] = str(Path(folder, "queue.sqlite3"))
...     print(*found(broker_down))
...     with connections["old"].schema_editor() as editor:
...         editor.create_model(OrmQ)
...     for lock in (timezone.now() - hour, timezone.now() + hour):
...         _ = OrmQ.objects.using("old").create(key="mail", payload="", lock=lock)
...         print(found(broker_down), *found(unserved), *found(stale_locks))
...     connections["old"].close()
the broker does not answer: OperationalError: no such table: django_q_ormq
[] queue 'mail' has 1 task waiting, and no cluster takes any
[] 1 task of queue 'mail' is locked for longer than retry
>>> found(broker_down), found(unserved), found(stale_locks)
([], [], [])
>>> with patch.object(Conf, "BROKER_CLASS", "no.Broker"):
...     found(broker_down)
["the broker does not answer: ModuleNotFoundError: No module named 'no'"]

A rule that cannot be asked says so, beside what the others find:

>>> with tempfile.TemporaryDirectory() as folder:
...     _ = Path(folder, "Procfile").write_text("info: ./manage.py qinfo --config")
...     [told["id"] for told in look({"Q_CLUSTER": Q_CLUSTER, "BASE_DIR": folder})]
['django_q.W048']
>>> with patch.object(Schedule, "objects", None):
...     print(*[finding["message"] for finding in look({"BASE_DIR": "/nowhere"})])
A schedule whose arguments do not parse: could not be asked: AttributeError: ...
"""

import ast
import importlib
import os
import pydoc
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.db import connections
from django.db.models import Count
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule

from .rules import broker, diagnose, longest_hold, rule, sound

Q_CLUSTER = {"name": "shop", "orm": "default", "workers": 1, "timeout": 9, "retry": 60}
LIVE = []
PATIENCE = timedelta(seconds=90)  # Longer than from one scheduler pass to the next.
# Files that start programs, no deeper in the project than this.
STARTERS = {".cfg", ".conf", ".ini", ".service", ".sh", ".toml", ".yaml", ".yml"}
NAMED = {"Procfile", "Dockerfile", "Makefile", "crontab"}
DEEP, MOST = 3, 500


def by_queue(rows):
    """Yield the name of each queue and how many of these tasks are in it, as text."""
    for row in rows.values("key").annotate(number=Count("pk")).order_by("key"):
        yield repr(row["key"]), f"{row['number']} task{'s' * (row['number'] != 1)}"


def named(schedule):
    return f"schedule {str(schedule.name or schedule.pk)!r}"


@rule("django_q.E040", "The broker does not answer", rules=LIVE)
def broker_down(given):
    """Every `async_task` fails where it is called."""
    try:
        get_broker().queue_size()  # Of the brokers' pings only that of Redis asks.
    except Exception as error:
        yield (
            f"the broker does not answer: {type(error).__name__}: {error}",
            "Start it, migrate its database, or name another one in Q_CLUSTER.",
        )


@rule("django_q.W041", "The SQLite file is not in WAL", rules=LIVE)
def no_wal(given):
    """A long reader keeps a writer waiting until it gives up."""
    database = connections[Conf.ORM or "default"]
    if database.vendor == "sqlite":
        with database.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        if mode != "wal":
            yield (
                f"the journal mode of {database.alias!r} is {mode}",
                "Run `PRAGMA journal_mode=WAL` once; it stays in the file.",
            )


@rule("django_q.W042", "Nobody serves a queue", rules=LIVE)
def unserved(given):
    """Its tasks wait for ever, and no error says so.

    A cluster that is only busy has taken some tasks, and those are locked.
    """
    now, rows = timezone.now(), OrmQ.objects.using(Conf.ORM)
    taken = rows.filter(lock__gt=now).values("key")
    late = rows.filter(lock__lt=now - PATIENCE).exclude(key__in=taken)
    for queue, tasks in by_queue(late):
        yield (
            f"queue {queue} has {tasks} waiting, and no cluster takes any",
            "Start a cluster for it, with Q_CLUSTER_NAME if it is not the default.",
        )


@rule("django_q.W043", "Old locks that nobody acknowledged", rules=LIVE)
def stale_locks(given):
    """The cluster that took the tasks is gone, or `retry` or a clock was changed."""
    now, hold = timezone.now(), longest_hold(sound(given), broker(given))
    retry, queued = timedelta(seconds=Conf.RETRY), OrmQ.objects.using(Conf.ORM)
    ahead = queued.filter(lock__gt=now + retry)
    taken = now - timedelta(seconds=hold)
    held = queued.filter(lock__gt=now, lock__lt=taken + retry)
    for rows, trouble in (
        (ahead, "locked for longer than retry"),
        (held if hold else held.none(), "held for longer than any task can take"),
    ):
        for queue, tasks in by_queue(rows):
            yield (
                f"{tasks} of queue {queue} {'are' if tasks[-1] == 's' else 'is'} "
                f"{trouble}",
                "It runs again when its lock ends; see what killed the cluster.",
            )


def keywords(text):
    """Read keyword arguments as the scheduler does: `{'a': 1}` or `a=1`."""
    with suppress(SyntaxError, ValueError):
        return dict(**ast.literal_eval(text))
    call = ast.parse(f"f({text})", mode="eval").body
    if call.args:
        raise ValueError("the scheduler leaves them out")
    return dict(**{word.arg: ast.literal_eval(word.value) for word in call.keywords})


def unread(schedule):
    """Return which of a schedule's texts the scheduler cannot read."""
    bad = []
    for field, read in (("args", ast.literal_eval), ("kwargs", keywords)):
        try:
            read(getattr(schedule, field) or "{}")
        except Exception:  # Whatever it is, the scheduler meets it, too.
            bad.append(field)
    return bad


@rule("django_q.E044", "A schedule whose arguments do not parse", rules=LIVE)
def schedule_arguments(given):
    """Bad args stop every schedule of the same pass; bad kwargs are left out."""
    for schedule in Schedule.objects.order_by("pk"):
        for field in unread(schedule):
            yield (
                f"the {field} of {named(schedule)} are no literals: "
                f"{getattr(schedule, field)[:60]}",
                "Write literals: args as `1, 'a'`, kwargs as `{'a': 1}`.",
            )


@rule("django_q.E045", "A schedule whose function cannot be imported", rules=LIVE)
def schedule_function(given):
    """Each of its runs is a failed task."""
    for schedule in Schedule.objects.order_by("pk"):
        try:
            function = pydoc.locate(schedule.func)
        except (Exception, SystemExit):
            function = None
        if not callable(function):
            yield (
                f"the function of {named(schedule)} cannot be imported: "
                f"{schedule.func}",
                "Correct its dotted path, or delete the schedule.",
            )


@rule("django_q.W046", "A schedule that nobody runs", rules=LIVE)
def schedule_overdue(given):
    """No cluster runs, or none of the name that the schedule asks for.

    A cluster that was started with another name leaves out what names none.
    """
    late = Schedule.objects.filter(next_run__lt=timezone.now() - PATIENCE)
    for schedule in late.exclude(repeats=0).order_by("pk"):
        own = f" {schedule.cluster!r}" if schedule.cluster else ""
        yield (
            f"{named(schedule)} is overdue, so no cluster{own} looks at it",
            "Start a cluster of that name; see whether `scheduler` is switched off.",
        )


@rule("django_q.E047", "Cron schedules without croniter", rules=LIVE)
def no_croniter(given):
    """The scheduler fails at the first of them, and runs none of the others."""
    number = Schedule.objects.filter(schedule_type=Schedule.CRON).count()
    try:
        importlib.import_module("croniter")
    except ImportError:
        if number:
            yield (
                f"{number} of the schedules have the type Cron, and croniter is not "
                "installed",
                "Install croniter where the clusters run.",
            )


def starters(folder):
    """Yield the files of a project that start programs."""
    base = Path(folder)
    for place, folders, names in os.walk(base):
        depth = len(Path(place).relative_to(base).parts)
        folders[:] = [
            name
            for name in folders
            if depth < DEEP and name not in {"node_modules", "venv", ".venv", ".git"}
        ]
        for name in names:
            file = Path(place, name)
            if (name in NAMED or file.suffix in STARTERS) and file.is_file():
                yield file


@rule("django_q.W048", "SECRET_KEY is about to be printed", rules=LIVE)
def secrets_printed(given):
    """`qinfo --config` prints every value, SECRET_KEY and passwords among them."""
    for file in islice(starters(given["BASE_DIR"]), MOST):
        with suppress(OSError), file.open(errors="replace") as opened:
            text = opened.read(100_000)
            if any("qinfo" in line and "--config" in line for line in text.split("\n")):
                yield (
                    f"{file.relative_to(given['BASE_DIR'])} runs `qinfo --config`, "
                    "which prints SECRET_KEY",
                    "Remove --config, and change the key if the output was kept.",
                )


def look(given):
    """Return what the live rules find; one that fails is a finding itself."""
    found, errors = [], set()
    for one in LIVE:
        try:
            found += diagnose(given, [one])
        except Exception as error:
            told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            if told not in errors:
                hint = "See whether the database answers and is migrated."
                message = f"{one['title']}: could not be asked: {told}"
                found.append({"id": "django_q.E049", "message": message, "hint": hint})
            errors.add(told)
    return found
