"""time_zone: by which clock schedules run, if it is not the one of Django.

When a cron schedule for eight o'clock runs in Tokyo, in UTC:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_names_and_schedules.time_zone import (
...     cron, daily, failure, without_zones,
... )
>>> without_cluster(cron, "0 8 * * *", time_zone="Asia/Tokyo")
'23:00'

When a daily schedule runs again, in UTC, that ran at 07:00 on 28 March 2026, the day
before summer time began in Berlin:

>>> without_cluster(daily, time_zone="UTC")
'07:00'
>>> without_cluster(daily, time_zone="Europe/Berlin")
'06:00'

At the edges, a cluster and its first look at a schedule that is due:

>>> failure(time_zone="Mars")
"zoneinfo._common.ZoneInfoNotFoundError: 'No time zone found with key Mars'"

>>> failure(time_zone=None)
'TypeError: expected str, bytes or os.PathLike object, not NoneType'

Where `USE_TZ` is off, the key is not read:

>>> without_zones("0 8 * * *", time_zone="Asia/Tokyo")
'08:00'

Who reads it:

>>> readers("time_zone")
['utils.py']
"""

import re
from datetime import UTC, datetime

from django_q.models import Schedule
from django_q.tasks import schedule

from cookbook.harness.trial import (
    Q_CLUSTER,
    Cluster,
    call,
    first_look,
    workspace,
)


def cron(expression):
    planned = schedule("builtins.abs", schedule_type="C", cron=expression)
    return f"{planned.next_run.astimezone(UTC):%H:%M}"


def without_zones(expression, **changes):
    changed = {"Q_CLUSTER": Q_CLUSTER | changes, "USE_TZ": False}
    with workspace(changed) as project:
        return call(Cluster(project), cron, expression)


def daily():
    eve = datetime(2026, 3, 28, 7, tzinfo=UTC)
    planned = Schedule(schedule_type="D", next_run=eve)
    return f"{planned.calculate_next_run().astimezone(UTC):%H:%M}"


def prepare():
    schedule("builtins.abs", schedule_type="D")


def failure(**changes):
    log = first_look(prepare, **changes)
    return re.findall(r"^[\w.]+Error: .+", log, re.M)[-1]
