"""What `qreport` prints in each kind of trouble.

>>> from cookbook.troubleshooting.first_aid import edges
>>> print(edges())
| The report says | What is wrong |
| --- | --- |
| `clusters 0`, `queue shop: 1 waiting, 0 fetched` | [No cluster runs] |
| `clusters 0`, `queue shop: 6 waiting, 3 fetched` | [A cluster cannot be seen] |
| `clusters 0`, `results 1 successes, 0 failures` | [A cluster cannot be seen] |
| `clusters 1: ...`, `queue shop: 6 waiting, 3 fetched` | [The workers are busy] |
| `clusters 1: ...`, `queue mail: 1 waiting, 0 fetched` | [No cluster serves this queue] |
| `clusters 1: ...`, `schedules 1, 1 overdue` | [No cluster runs schedules] |
| `errors ... Function shop.tasks.send is not defined` | [Tasks fail] |
"""

from io import StringIO
from time import sleep

from django.core.management import call_command
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule
from django_q.status import Stat
from django_q.tasks import async_task, result

from cookbook.harness.trial import (
    Q_CLUSTER,
    Cluster,
    call,
    observe,
    table,
    wait_until,
    workspace,
)  # fmt: skip

APP = "cookbook.recipes.qreport"


def numbers():
    """They print the tasks that wait, those that are fetched, and the last failure.

    An idle queue prints:

    >>> from django_q.brokers import get_broker
    >>> from django_q.models import Failure
    >>> get_broker().queue_size(), get_broker().lock_size()
    (0, 0)
    >>> print(Failure.objects.order_by("stopped").values_list("func", "result").last())
    None
    """


def report(*begins):
    """Return the lines of this project's report that begin so, as one cell."""
    out, name, lines = StringIO(), "", []
    call_command("qreport", stdout=out)
    for line in out.getvalue().splitlines():
        name = line[:10].strip() or name
        lines.append(f"{name} {line[10:].strip()}")
    return ", ".join(f"`{one}`" for one in lines if one.startswith(begins))


def visible(*begins):
    """Return these lines when the cluster has its first heartbeat."""
    wait_until(Stat.get_all, 60, lambda: "no heartbeat")
    return report(*begins)


def nothing_runs():
    async_task(abs, -1)
    return report("clusters", "queue")


def unseen():
    result(async_task(abs, -1), wait=60_000)
    return report("clusters", "results")


def hang():
    for _ in range(9):
        async_task(sleep, 600)
    locked = OrmQ.objects.filter(lock__gt=timezone.now())
    wait_until(lambda: locked.count() > 2, 60, lambda: "no task was fetched")
    return report("clusters", "queue")


def hanging():
    hang()
    return visible("clusters", "queue")


def failing():
    async_task("shop.tasks.send", ack_failure=True)
    wait_until(Failure.objects.exists, 60, lambda: "no failure")
    return visible("errors")


def other_queue():
    async_task(abs, -1, cluster="mail")
    return visible("clusters", "queue mail")


def late():
    Schedule.objects.create(func="math.sqrt", args="4", next_run=timezone.now())
    return visible("clusters", "schedules")


def edges():
    app = {"INSTALLED_APPS": [APP]}
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    apart = app | {"CACHES": {"default": memory}}
    mail = {"ALT_CLUSTERS": {"mail": {}}}
    with workspace({"Q_CLUSTER": Q_CLUSTER} | app) as project:
        idle = call(Cluster(project), nothing_runs)
    rows = {
        idle: "[No cluster runs]",
        observe(hang, settings=apart, timeout=None): "[A cluster cannot be seen]",
        observe(unseen, settings=apart): "[A cluster cannot be seen]",
        observe(hanging, settings=app, timeout=None): "[The workers are busy]",
        observe(other_queue, settings=app, **mail): "[No cluster serves this queue]",
        observe(late, settings=app, scheduler=False): "[No cluster runs schedules]",
        observe(failing, settings=app): "[Tasks fail]",
    }
    return table(rows, ("The report says", "What is wrong"))
