"""Make each fault of a cluster for real, and ask `qhealth` what it sees.

With the ORM broker and two workers:

>>> from cookbook.evidence.cluster_faults import faults, see
>>> print(see(faults, workers=2, timeout=60, retry=300, queue_limit=2))
| Fault | What qhealth says |
| --- | --- |
| None | `HEALTHY: 1 cluster, 0 waiting` |
| The function of a queued task is gone | `POISONED: ... No module named 'mails'` |
| A task fails at each attempt | `POISONED: package ... was fetched 3 times ...` |
| The workers are stopped, `live` | `STALLED: the cluster of process ... holds ...` |
| The workers are stopped, `queue` | `LATE: a task was enqueued ... s ago and waits` |
| They go on | `HEALTHY: 1 cluster, 0 waiting` |
| The sentinel is stopped | `NO_CLUSTER: no heartbeat within 0 s, on this host` |
| It goes on | `HEALTHY: 1 cluster, 0 waiting` |
| The sentinel is killed | `NO_CLUSTER: no heartbeat within 0 s, on any host` |
"""

import ast
import json
import os
import signal
import sys
from datetime import timedelta
from functools import partial
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.status import Stat
from django_q.tasks import async_task, fetch, result

from cookbook.harness.trial import call, observe, table, wait_until

APP = {"INSTALLED_APPS": ["cookbook.recipes.qhealth"]}
IN_DATABASE = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}
REFUSED = "postgres://nobody:nothing@127.0.0.1:1/nothing"


def see(function, **changes):
    """Call a function beside a cluster; return its rows as a table."""
    heads, rows = observe(function, settings=APP, **changes)
    return table(rows, heads)


def qhealth(*arguments):
    """Return the exit code of the command and the line that it prints."""
    out = StringIO()
    try:
        call_command("qhealth", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue().strip()
    return 0, out.getvalue().strip()


def until(code, *arguments):
    """Ask until the command exits with `code`; return its line."""

    def line():
        status, text = qhealth(*arguments)
        return text if status == code else None

    return f"`{wait_until(line, 90, partial(qhealth, *arguments))}`"


def send():
    """Send a mail; its module is renamed after it was enqueued."""


def enqueue_and_rename():
    sys.modules["mails"], send.__module__ = sys.modules[__name__], "mails"
    async_task(send)
    del sys.modules["mails"]


def fetch_again(number):
    """Wait until a task was fetched this often, then let its lock end at once."""
    line = until(6, "queue", f"--fetched={number}")
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))
    return line


def faults():
    rows = {}
    result(async_task("math.sqrt", 4), wait=60_000)
    rows["None"] = until(0)

    enqueue_and_rename()
    rows["The function of a queued task is gone"] = until(6, "queue")
    OrmQ.objects.all().delete()

    failing = async_task("math.sqrt", -1)
    lines = [fetch_again(number) for number in (1, 2, 3)]
    rows["A task fails at each attempt"] = lines[-1]
    wait_until(lambda: fetch(failing).attempt_count > 2, 60, lambda: fetch(failing))
    OrmQ.objects.all().delete()

    [stat] = wait_until(Stat.get_all, 60, lambda: "no cluster")
    for worker in stat.workers:
        os.kill(worker, signal.SIGSTOP)
    tasks = [async_task("math.sqrt", number) for number in range(9)]
    rows["The workers are stopped, `live`"] = until(4, "live", "--stalled=1")
    rows["The workers are stopped, `queue`"] = until(5, "queue", "--late=1")
    for worker in stat.workers:
        os.kill(worker, signal.SIGCONT)
    for task in tasks:
        assert result(task, wait=60_000) is not None, "a task has no result"
    rows["They go on"] = until(0, "--stalled=1", "--late=1")

    os.kill(stat.sentinel, signal.SIGSTOP)
    rows["The sentinel is stopped"] = until(3, "--wait=0")
    os.kill(stat.sentinel, signal.SIGCONT)
    rows["It goes on"] = until(0)
    os.kill(stat.sentinel, signal.SIGKILL)
    until(3, "live", "--wait=1")
    rows["The sentinel is killed"] = until(3, "queue", "--wait=0")
    return ("Fault", "What qhealth says"), rows


def last_finding():
    """Return the last of all findings about the queue, as the line says the first."""
    _, text = qhealth("queue", "--wait=0", "--late=0", "--json")
    finding = json.loads(text)["findings"][-1]
    return f"`{finding['name']}: {finding['reason']}`"


def faults_on_redis():
    """Make faults where the broker keeps the heartbeats itself.

    >>> from cookbook.evidence.cluster_faults import faults_on_redis, see
    >>> print(see(faults_on_redis, orm=None, redis="redis://localhost:6379/0"))
    | Fault | What qhealth says |
    | --- | --- |
    | None | `HEALTHY: 1 cluster, 0 waiting` |
    | The cluster has ended | `NO_CLUSTER: no heartbeat within 5 s, on this host` |
    | A task waits for ever | `LATE: a task was enqueued ... s ago and waits` |
    | Another program's bytes | `POISONED: a package cannot be read: BadSignature...` |
    """
    rows = {"None": until(0)}
    os.kill(Stat.get_all()[0].pid, signal.SIGTERM)
    rows["The cluster has ended"] = until(3, "--wait=5")
    async_task("math.sqrt", 4)
    rows["A task waits for ever"] = last_finding()
    get_broker().connection.rpush("django_q:shop:q", "another's bytes")
    rows["Another program's bytes"] = last_finding()
    return ("Fault", "What qhealth says"), rows


def outages():
    """Ask while a cluster runs and the database refuses the probe's connections.

    >>> from cookbook.evidence.cluster_faults import outages, see
    >>> print(see(outages))
    | Probe, cache | Exit code and answer |
    | --- | --- |
    | `live`, files | 0, `HEALTHY: 1 cluster` |
    | `queue`, files | 1, `UNKNOWN: OperationalError: ...` |
    | `live`, database | 0, `UNKNOWN: OperationalError: ...` |
    | `queue`, database | 1, `UNKNOWN: OperationalError: ...` |
    """
    rows = {}
    own = ast.literal_eval(os.environ["RECIPE_SETTINGS"])
    for cache, caches in {"files": {}, "database": {"CACHES": IN_DATABASE}}.items():
        settings = repr(own | caches)
        down = os.environ | {"DATABASE_URL": REFUSED, "RECIPE_SETTINGS": settings}
        for scope in "live", "queue":
            status, line = call(down, qhealth, scope)
            rows[f"`{scope}`, {cache}"] = f"{status}, `{line}`"
    return ("Probe, cache", "Exit code and answer"), rows
