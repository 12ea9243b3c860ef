"""Compare the calculator with a running cluster.

Its processes and database connections, on PostgreSQL with persistent connections. The
sentinel connects only when it looks for schedules, so fewer connections can be open.

>>> from cookbook.evidence.checker_translation.counts import VALUES, count
>>> from cookbook.reference.check_your_q_cluster.plan import plan
>>> processes, connections = count(workers=2)
>>> expected = plan(VALUES | {"workers": 2}, "orm")
>>> processes == int(expected["processes"])
True
>>> 2 <= connections <= int(expected["database connections"])
True

A cluster that is stopped finishes the tasks that it fetched, and starts no others:

>>> from cookbook.evidence.checker_translation.counts import stop_full
>>> stop_full(seconds=1)
{'finished': 3, 'seconds': ..., 'bound': '13 s', 'fetched': '3', 'each': 1}
"""

import os
import signal
from pathlib import Path
from time import monotonic, sleep

import psutil
from django.db import connection
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.status import Stat
from django_q.tasks import async_task, result

from cookbook.harness.trial import Cluster, call, wait_until, workspace, write
from cookbook.reference.check_your_q_cluster.plan import plan

VALUES = {"timeout": 30, "queue_limit": 4, "bulk": 1, "poll": 0.2}
FULL = {"workers": 1, "queue_limit": 1, "bulk": 1, "poll": 0.2}


def count_connections():
    """Run tasks; return how many other connections the database then has."""
    for _ in range(4):
        result(async_task(abs, -1), wait=30_000)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def count(workers):
    """Return the processes and the connections of a cluster on PostgreSQL."""
    settings = {
        "Q_CLUSTER": {"orm": "default", "retry": 600, "workers": workers} | VALUES,
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    with workspace(settings, "PostgreSQL") as place, Cluster(place) as running:
        connections = call(running, count_connections)
        main = psutil.Process(running.process.pid)
        return 1 + len(main.children(recursive=True)), connections


def work(seconds):
    go = Path(os.environ["WORKSPACE"], "go")
    wait_until(go.exists, 60, lambda: "nobody stopped the cluster")
    sleep(seconds)
    write("finished")


def fill(seconds):
    """Send ten tasks; wait until the cluster, with room for three, has fetched them."""
    for _ in range(10):
        async_task(work, seconds)
    locked = OrmQ.objects.filter(lock__gt=timezone.now())
    wait_until(lambda: locked.count() == 3, 60, lambda: f"{locked.count()} are fetched")


def wait_for_stop():
    """Wait until the cluster has reported its stop twice: then its pusher stops too."""
    reports = set()

    def twice():
        stopping = [s for s in Stat.get_all() if s.status == Conf.STOPPING]
        reports.update(state.timestamp for state in stopping)
        return len(reports) > 1

    wait_until(twice, 60, lambda: "the cluster does not stop")


def stop_full(seconds):
    """Stop a full cluster; return what it finishes and how long that takes.

    Its tasks take `seconds` each, and begin to work when the stop has arrived. The
    calculator's bound is for a `timeout` as long as these tasks.
    """
    settings = {"Q_CLUSTER": {"orm": "default", "retry": 600, "timeout": 120} | FULL}
    expected = plan(FULL | {"timeout": seconds}, "orm")
    with workspace(settings) as place, Cluster(place) as running:
        call(running, fill, seconds)
        running.process.send_signal(signal.SIGTERM)
        call(running, wait_for_stop)
        here, begin = Path(place["WORKSPACE"]), monotonic()
        (here / "go").touch()
        wait_until(lambda: running.process.poll() == 0, 120, lambda: running.log)
        return {
            "finished": len((here / "journal").read_text().splitlines()),
            "seconds": round(monotonic() - begin, 1),
            "bound": expected["worst-case shutdown"],
            "fetched": expected["tasks taken at once"],
            "each": seconds,
        }
