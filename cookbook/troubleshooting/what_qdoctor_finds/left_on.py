"""A scheduler that is never called, a blocked database, and the queries of DEBUG.

The guard's calls of the scheduler in 600 cycles:

>>> from cookbook.troubleshooting.what_qdoctor_finds.left_on import count_looks
>>> count_looks(guard_cycle=0.5), count_looks(guard_cycle=0)
(10, 0)
"""

import io
import sqlite3
from contextlib import closing
from types import SimpleNamespace
from unittest.mock import Mock, patch

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django_q.cluster import Sentinel
from django_q.conf import Conf
from django_q.tasks import async_task


def count_looks(guard_cycle, cycles=600):
    """Run the guard of a sentinel without processes and without pauses."""
    stopped = Mock(side_effect=[False] * (cycles - 1) + [True])
    sentinel = Mock(pool=[], stop_event=SimpleNamespace(wait=stopped))
    with (
        patch.object(Conf, "GUARD_CYCLE", guard_cycle),
        patch("django_q.cluster.humanize", str),
        patch("django_q.cluster.Stat"),
        patch("django_q.cluster.scheduler") as called,
    ):
        Sentinel.guard(sentinel)
    return called.call_count


def beside_a_reader(mode):
    """Send a task while another connection reads; return 'sent' or the error.

    >>> from cookbook.harness.trial import without_cluster
    >>> from cookbook.troubleshooting.what_qdoctor_finds.left_on import beside_a_reader
    >>> without_cluster(beside_a_reader, "WAL")
    'sent'
    >>> without_cluster(beside_a_reader, "DELETE")
    'database is locked'
    """
    connection.settings_dict["OPTIONS"] = {"timeout": 1}
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader:
        reader.execute(f"PRAGMA journal_mode={mode}")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM django_q_ormq").fetchall()
        try:
            async_task(abs, -1)
        except OperationalError as error:
            return str(error)
        return "sent"


def count_queries():
    """Return how many queries are kept in a process that handles no request.

    >>> from cookbook.harness.trial import shell, workspace
    >>> from cookbook.troubleshooting.what_qdoctor_finds import left_on
    >>> with workspace({"DEBUG": True}) as project:
    ...     code = f"from {left_on.__name__} import count_queries"
    ...     print(shell(project, f"{code}; print(count_queries())"))
    9000
    """
    with connection.cursor() as cursor:
        for _ in range(10_000):
            cursor.execute("SELECT 1")
    return len(connection.queries_log)


def secret_is_printed():
    """Return whether `qinfo --config` prints the SECRET_KEY.

    >>> from cookbook.harness.trial import without_cluster
    >>> from cookbook.troubleshooting.what_qdoctor_finds.left_on import (
    ...     secret_is_printed,
    ... )
    >>> without_cluster(secret_is_printed)
    True
    """
    printed = io.StringIO()
    call_command("qinfo", config=True, stdout=printed)
    return settings.SECRET_KEY in printed.getvalue()
