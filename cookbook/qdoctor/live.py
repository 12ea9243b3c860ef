"""Rules for the database, the broker and the queues as they are now."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connections
from django.db.models import Count, QuerySet
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ

from .files import FILES
from .rules import Findings, Settings, broker, diagnose, longest_hold, rule, sound
from .schedules import PATIENCE, SCHEDULES

QUEUES: list = []


def by_queue(rows: QuerySet) -> Iterator[tuple[str, str]]:
    """Yield the name of each queue and the number of these tasks in it, as text."""
    for row in rows.values("key").annotate(number=Count("pk")).order_by("key"):
        plural = "" if row["number"] == 1 else "s"
        yield repr(row["key"]), f"{row['number']} task{plural}"


@rule("django_q.E040", "The broker does not answer", rules=QUEUES)
def broker_down(settings: Settings) -> Findings:
    """Every `async_task` fails where it is called."""
    try:
        get_broker().queue_size()  # Of the brokers' pings only that of Redis asks.
    except Exception as error:  # Each broker's driver has errors of its own.
        yield (
            f"the broker does not answer: {type(error).__name__}: {error}",
            "Start it, migrate its database, or name another one in Q_CLUSTER.",
        )


@rule("django_q.W041", "The SQLite file is not in WAL", rules=QUEUES)
def no_wal(settings: Settings) -> Findings:
    """A long reader keeps a writer waiting until it times out."""
    database = connections[Conf.ORM or "default"]
    if database.vendor == "sqlite":
        with database.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        if mode != "wal":
            yield (
                f"the journal mode of {database.alias!r} is {mode}",
                "Run `PRAGMA journal_mode=WAL` once; it stays in the file.",
            )


@rule("django_q.W042", "No cluster serves a queue", rules=QUEUES)
def unserved(settings: Settings) -> Findings:
    """Its tasks wait for ever, and no error says so.

    A cluster that is only busy has fetched some tasks, and those are locked.
    """
    now, rows = timezone.now(), OrmQ.objects.using(Conf.ORM)
    fetched = rows.filter(lock__gt=now).values("key")
    late = rows.filter(lock__lt=now - PATIENCE).exclude(key__in=fetched)
    for queue, tasks in by_queue(late):
        yield (
            f"queue {queue} has {tasks} waiting, and no cluster fetches any",
            "Start a cluster for it, with Q_CLUSTER_NAME if it is not the default.",
        )


@rule("django_q.W043", "Old locks that nobody acknowledged", rules=QUEUES)
def stale_locks(settings: Settings) -> Findings:
    """The cluster that fetched the tasks is gone, or `retry` or a clock was changed."""
    now, hold = timezone.now(), longest_hold(sound(settings), broker(settings))
    retry, queued = timedelta(seconds=Conf.RETRY), OrmQ.objects.using(Conf.ORM)
    ahead = queued.filter(lock__gt=now + retry)
    held = queued.filter(lock__gt=now, lock__lt=now - timedelta(seconds=hold) + retry)
    for rows, trouble in (
        (ahead, "locked for longer than retry"),
        (held if hold else held.none(), "locked for longer than any task can run"),
    ):
        for queue, tasks in by_queue(rows):
            yield (
                f"queue {queue} has {tasks} {trouble}",
                "They run again when the lock ends; see what killed the cluster.",
            )


LIVE = QUEUES + SCHEDULES + FILES


def look(settings: Settings, rules: list | None = None) -> list[dict[str, str]]:
    """Return what the live rules find; a rule that fails is a finding itself."""
    findings, errors = [], set()
    for one in LIVE if rules is None else rules:
        try:
            findings += diagnose(settings, [one])
        except Exception as error:
            why = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            if why not in errors:
                hint = "See whether the database answers and is migrated."
                message = f"{one['title']}: could not be checked: {why}"
                finding = {"id": "django_q.E049", "message": message, "hint": hint}
                findings.append(finding)
            errors.add(why)
    return findings
