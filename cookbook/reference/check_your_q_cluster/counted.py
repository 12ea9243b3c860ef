"""Count the processes and database connections of a running cluster.

>>> from cookbook.reference.check_your_q_cluster import measure
>>> from cookbook.reference.check_your_q_cluster.counted import VALUES, counted
>>> from cookbook.reference.check_your_q_cluster.plan import plan
>>> processes, connections = counted(workers=2)
>>> told = plan(VALUES | {"workers": 2}, "orm")
>>> processes == int(told["processes"])
True
>>> 2 <= connections <= int(told["database connections"])
True

A cluster that is stopped ends what it has taken, and nothing else:

>>> measure(seconds=1)["stop"]
{'ended': 3, 'seconds': ..., 'told': '13 s', 'taken': '3', 'each': 1}
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

VALUES = {"timeout": 30, "queue_limit": 4, "bulk": 1, "poll": 0.2}


def connected():
    """Run tasks; return how many other connections the database then has."""
    for _ in range(4):
        result(async_task(abs, -1), wait=30_000)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def counted(workers):
    """Return the processes and the most connections of a cluster on PostgreSQL.

    Its connections are persistent, so that each process keeps its own.
    """
    settings = {
        "Q_CLUSTER": {"orm": "default", "retry": 600, "workers": workers} | VALUES,
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    with workspace(settings, "PostgreSQL") as place, Cluster(place) as running:
        connections = call(running, connected)
        main = psutil.Process(running.process.pid)
        return 1 + len(main.children(recursive=True)), connections


def work(seconds):
    go = Path(os.environ["WORKSPACE"], "go")
    wait_until(go.exists, 60, lambda: "nobody stopped the cluster")
    sleep(seconds)
    write("ended")


def fill(seconds):
    """Send ten tasks; wait until the cluster, with room for three, has taken them."""
    for _ in range(10):
        async_task(work, seconds)
    taken = OrmQ.objects.filter(lock__gt=timezone.now())
    wait_until(lambda: taken.count() == 3, 60, lambda: f"{taken.count()} are taken")


def heard():
    """Wait until the cluster has said twice that it stops: its pusher knows it then."""
    said = set()

    def twice():
        stopping = [s for s in Stat.get_all() if s.status == Conf.STOPPING]
        said.update(state.timestamp for state in stopping)
        return len(said) > 1

    wait_until(twice, 60, lambda: "the cluster does not stop")


def stopped(seconds, numbers):
    """Stop a full cluster; return how many tasks it still ends, and its seconds.

    Its tasks begin to work when the stop has arrived.
    """
    settings = {"Q_CLUSTER": {"orm": "default", "retry": 600} | numbers}
    with workspace(settings) as place, Cluster(place) as running:
        call(running, fill, seconds)
        running.process.send_signal(signal.SIGTERM)
        call(running, heard)
        here, begun = Path(place["WORKSPACE"]), monotonic()
        (here / "go").touch()
        wait_until(lambda: running.process.poll() == 0, 120, lambda: running.log)
        lines = (here / "ledger").read_text().splitlines()
        return {"ended": len(lines), "seconds": round(monotonic() - begun, 1)}
