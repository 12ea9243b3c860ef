"""Commands, imports and schedules that fail before any task runs."""

import sys
from datetime import UTC, datetime
from functools import cache

from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.tasks import schedule

from cookbook.harness.trial import MANAGE, Cluster, logged, workspace


def end(*command, **environment):
    """Return what a command prints with these variables in its environment."""
    with workspace({}) as project:
        return Cluster(project | environment).output([sys.executable, *command])[1]


def import_too_early():
    """Import models of Django-Q2 in a script that has not called `django.setup()`.

    >>> from cookbook.troubleshooting.messages.runs import printed, python_settings
    >>> print(printed(python_settings.import_too_early(), "exceptions.App"))
    django.core.exceptions.AppRegistryNotReady: Apps aren't loaded yet.
    """
    return end("-c", "from django_q.models import Schedule")


def alternative_name():
    """Name another cluster where the settings have none.

    >>> from cookbook.troubleshooting.messages.runs import printed, python_settings
    >>> print(printed(python_settings.alternative_name(), "KeyError"))
    KeyError: 'ALT_CLUSTERS'
    """
    return end(MANAGE, "check", Q_CLUSTER_NAME="mail")


def not_installed():
    """Start a cluster without `django_q` in INSTALLED_APPS.

    >>> from cookbook.troubleshooting.messages.runs import printed, python_settings
    >>> print(printed(python_settings.not_installed(), "Unknown"))
    Unknown command: 'qcluster'
    """
    return end(MANAGE, "qcluster", DJANGO_SETTINGS_MODULE="django.conf.global_settings")


PAST = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def log(function, **keys):
    """Return what a function logs that calls the scheduler as the sentinel does."""
    with workspace({"Q_CLUSTER": {"name": "shop", "orm": "default"} | keys}) as project:
        return logged(project, function)


def bad_schedules():
    """Schedules with wrong arguments and wrong cron expressions.

    >>> from cookbook.troubleshooting.messages.runs import printed, python_settings
    >>> log = python_settings.log(python_settings.bad_schedules)
    >>> print(printed(log, "ValueError: "))
    ValueError: malformed node or string on line 1: <ast.Name object at ...>
    >>> print(printed(log, "SyntaxError"))
    SyntaxError: invalid syntax...
    >>> print(printed(log, "croniter.Cron"))
    croniter.croniter.CroniterBadCronError: Exactly 5, 6 or 7 columns has to be specified for iterator expression.
    >>> print(printed(log, "NoneType"))
    AttributeError: 'NoneType' object has no attribute 'lower'
    """
    for wrong in (
        {"args": "Ada, Grace"},
        {"args": "1 2"},
        {"schedule_type": "C", "cron": "5 *"},
        {"schedule_type": "C", "cron": None},
    ):
        row = Schedule.objects.create(func="builtins.abs", next_run=PAST)
        Schedule.objects.filter(pk=row.pk).update(**wrong)
        scheduler()
        row.delete()


def naive():
    """Schedule for a time without a time zone.

    >>> from cookbook.troubleshooting.messages.runs import printed, python_settings
    >>> log = python_settings.log(python_settings.naive)
    >>> print(printed(log, "RuntimeWarning"))
    /...: RuntimeWarning: DateTimeField Schedule.next_run received a naive datetime (2030-01-01 00:00:00) while time zone support is active.
    """
    schedule("builtins.abs", -1, next_run=datetime(2030, 1, 1))


def no_zone():
    """Name a time zone that does not exist.

    >>> from cookbook.troubleshooting.messages.runs import printed, python_settings
    >>> log = python_settings.log(python_settings.no_zone, time_zone="Mars/Olympus")
    >>> print(printed(log, "_common.Zone"))
    zoneinfo._common.ZoneInfoNotFoundError: 'No time zone found with key Mars/Olympus'
    """
    Schedule.objects.create(func="builtins.abs", schedule_type="D", next_run=PAST)
    scheduler()
