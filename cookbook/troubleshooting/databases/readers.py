"""Queue a task while another connection reads, without WAL and with it.

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.databases.readers import beside_a_reader
>>> without_cluster(beside_a_reader, "DELETE")
'database is locked'
>>> without_cluster(beside_a_reader, "WAL")
'sent'
"""

import sqlite3
from contextlib import closing

from django.db import OperationalError, connection
from django_q.tasks import async_task


def beside_a_reader(mode):
    """Send a task while another connection reads; return 'sent' or the error."""
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
