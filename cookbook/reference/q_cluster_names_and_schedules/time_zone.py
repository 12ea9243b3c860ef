"""time_zone: the clock of schedules, if it is not Django's.

A cron schedule is for eight o'clock. A daily one ran at 07:00 UTC on 28 March 2026, the
day before summer time began in Berlin. When do they run next?

>>> from cookbook.reference.q_cluster_names_and_schedules.time_zone import edges
>>> print(edges())
| Value | Next run in UTC |
| --- | --- |
| `"Asia/Tokyo"`, cron for 8:00 | 23:00 |
| The same with `USE_TZ = False` | 08:00 |
| `"UTC"`, daily | 07:00 |
| `"Europe/Berlin"`, daily | 06:00 |
| `"Mars"` | `ZoneInfoNotFoundError: 'No time zone found with key Mars'` |
| `None` | `TypeError: expected str, bytes or os.PathLike object, not NoneType` |
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
    table,
    without_cluster,
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
    return re.findall(r"^(?:\w+\.)*(\w+Error: .+)", log, re.M)[-1]


def edges():
    eight, tokyo = "0 8 * * *", {"time_zone": "Asia/Tokyo"}
    rows = {
        '`"Asia/Tokyo"`, cron for 8:00': without_cluster(cron, eight, **tokyo),
        "The same with `USE_TZ = False`": without_zones(eight, **tokyo),
        '`"UTC"`, daily': without_cluster(daily, time_zone="UTC"),
        '`"Europe/Berlin"`, daily': without_cluster(daily, time_zone="Europe/Berlin"),
        '`"Mars"`': f"`{failure(time_zone='Mars')}`",
        "`None`": f"`{failure(time_zone=None)}`",
    }
    return table(rows, ("Value", "Next run in UTC"))
