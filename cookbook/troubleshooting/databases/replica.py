"""Ask for a result while a router sends what Django reads to a replica that is behind.

>>> from cookbook.harness.trial import observe
>>> from cookbook.troubleshooting.databases.replica import ask
>>> observe(ask, "Replica")
'None'
>>> observe(ask, "QueueAtPrimary")
'3'
"""

import os
import shutil
from pathlib import Path

from django.db import connections
from django.test import override_settings
from django_q.tasks import async_task, result

from cookbook.harness.trial import stop


class Replica:
    """Read everything from the replica."""

    def db_for_read(self, model, **hints):
        return "replica"


class QueueAtPrimary:
    """Read the tables of Django-Q2 where they are written."""

    def db_for_read(self, model, **hints):
        return "default" if model._meta.app_label == "django_q" else "replica"


def ask(router):
    """Run a task, and return its result as a process with this router reads it."""
    primary = connections.settings["default"]
    copy = Path(os.environ["WORKSPACE"], "replica.sqlite3")
    shutil.copy(primary["NAME"], copy)  # It gets nothing new from now on.
    connections.settings["replica"] = primary | {"NAME": str(copy)}
    task = async_task(abs, -3)
    assert result(task, wait=60_000) == 3
    with override_settings(DATABASE_ROUTERS=[f"{__name__}.{router}"]):
        answer = str(result(task))
    stop()
    return answer
