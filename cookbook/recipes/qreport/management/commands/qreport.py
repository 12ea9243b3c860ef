"""Print what a bug report needs, without secrets.

>>> from django.core.management import call_command
>>> call_command("qreport")
versions   django-q2 1..., django ..., Python 3...
system     ..., ... processors, ...
database   ..., 0 migrations missing
cache      ...
broker     ORM default
Q_CLUSTER  {"name": "shop", ...}
clusters   ...
queue      shop: 0 waiting, 0 fetched
schedules  0, 0 overdue
results    ... successes, ... failures
errors     none
"""

import json
import os
import platform
import re
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.core.cache import caches
from django.core.management.base import BaseCommand
from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import Failure, OrmQ, Schedule, Success
from django_q.status import Stat

PACKAGES = ("django-q2", "django", "redis", "psycopg", "croniter", "django-prodserver")


class Command(BaseCommand):
    help = "Print what a bug report needs, without secrets."
    requires_system_checks = ()  # A broken project has a report too.

    def handle(self, **options: object) -> None:
        for name, part in PARTS.items():
            try:
                lines = list(part())
            except Exception as error:  # What fails belongs into the report.
                lines = [f"{type(error).__name__}: {error}"]
            for line in lines:
                self.stdout.write(f"{name:10} {clean(line)}")
                name = ""


def clean(text: str) -> str:
    """Return one line without the passwords of addresses, at most 500 letters."""
    line = " ".join(text.split())[:500]
    return re.sub(r"://[^/\s@]*@", "://...@", line)


def versions() -> Iterator[str]:
    names = []
    for package in PACKAGES:
        try:
            names.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    yield ", ".join([*names, f"Python {platform.python_version()}"])


def system() -> Iterator[str]:
    yield f"{platform.platform()}, {os.cpu_count()} processors, {settings.TIME_ZONE}"


def database() -> Iterator[str]:
    connection = connections[router.db_for_write(Success)]
    with connection.cursor():
        numbers = ".".join(map(str, connection.get_database_version()))
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes("django_q"))
    yield f"{connection.vendor} {numbers}, {len(plan)} migrations missing"


def cache() -> Iterator[str]:
    yield f"{Conf.CACHE}: {type(caches[Conf.CACHE]).__name__}"


def broker() -> Iterator[str]:
    yield get_broker().info()


def cluster() -> Iterator[str]:
    keys = SafeExceptionReporterFilter().cleanse_setting("", settings.Q_CLUSTER)
    yield json.dumps(keys, default=repr)


def clusters() -> Iterator[str]:
    reports = Stat.get_all()
    yield ": ".join(filter(None, [str(len(reports)), "; ".join(map(state, reports))]))


def state(report: Stat) -> str:
    return (
        f"{report.status}, {len(report.workers)} workers, "
        f"{report.reincarnations} restarts, up {report.uptime():.0f} s"
    )


def queue() -> Iterator[str]:
    others = settings.Q_CLUSTER.get("ALT_CLUSTERS") or ()
    names = [Conf.PREFIX, Conf.CLUSTER_NAME, *others]
    rows = OrmQ.objects.using(Conf.ORM).order_by("key").values_list("key", flat=True)
    used = rows.distinct() if Conf.ORM else ()
    for name in dict.fromkeys([*names, *used]):
        one = get_broker(name)
        line = f"{name}: {one.queue_size()} waiting, {one.lock_size()} fetched"
        yield line if name in names else f"{line}, no setting names it"


def schedules() -> Iterator[str]:
    late = Schedule.objects.filter(next_run__lt=timezone.now()).exclude(repeats=0)
    yield f"{Schedule.objects.count()}, {late.count()} overdue"


def results() -> Iterator[str]:
    yield f"{Success.objects.count()} successes, {Failure.objects.count()} failures"


def errors() -> Iterator[str]:
    last = Failure.objects.order_by("-stopped")[:3]
    for failure in last:
        error = str(failure.result).partition(" : Traceback")[0]
        yield f"{failure.stopped:%F %T} {failure.func}: {error}"
    if not last:
        yield "none"


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "versions": versions,
    "system": system,
    "database": database,
    "cache": cache,
    "broker": broker,
    "Q_CLUSTER": cluster,
    "clusters": clusters,
    "queue": queue,
    "schedules": schedules,
    "results": results,
    "errors": errors,
}
