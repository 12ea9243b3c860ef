"""Tables and package of different releases.

`attempt_count` came with migration 0013. A result is stored by the package of before
in the tables of today, and by the package of today in the tables of before:

>>> from cookbook.reference.models_and_admin.upgrades import edges
>>> print(edges())
| What is older | On PostgreSQL | On SQLite |
| --- | --- | --- |
| The package | `null value in column "attempt_count" ...` | `NOT NULL constraint ...` |
| The tables | `column "cluster" ...` | `table django_q_task has no column ...` |
"""

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django_q.models import Task

from cookbook.harness.trial import table, without_cluster

BEFORE = ("django_q", "0012_auto_20200702_1608")


def older_model():
    """Return the model of a result as the package had it before."""
    state = MigrationLoader(connection).project_state(BEFORE)
    return state.apps.get_model("django_q", "Task")


def store(is_older):
    """Store a result with the older package or with the older tables."""
    if not is_older:
        call_command("migrate", *BEFORE, verbosity=0)
    now = timezone.now()
    try:
        (older_model() if is_older else Task).objects.create(
            id="a", name="a", func="f", started=now, stopped=now
        )
    except DatabaseError as error:
        return str(error).split("\n")[0]


def edges():
    rows = {
        name: " | ".join(
            f"`{without_cluster(store, is_older, on=on)}`"
            for on in ("PostgreSQL", "SQLite")
        )
        for name, is_older in {"The package": True, "The tables": False}.items()
    }
    heads = ("What is older", "On PostgreSQL | On SQLite")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")
