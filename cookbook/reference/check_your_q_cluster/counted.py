"""Count the processes and database connections of a running cluster.

>>> processes, connections = counted(workers=2)
>>> told = plan(VALUES | {"workers": 2}, "orm")
>>> processes == int(told["processes"])
True
>>> 2 <= connections <= int(told["database connections"])
True
"""

import psutil
from django.db import connection
from django_q.tasks import async_task, result

from cookbook.harness.clusters import Cluster
from cookbook.harness.servers import workspace
from cookbook.reference.q_cluster import call

from .plan import plan  # noqa: F401  The session above uses it.

VALUES = {"timeout": 30, "queue_limit": 4, "bulk": 1}


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
