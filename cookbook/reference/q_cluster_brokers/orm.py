"""orm: the database that holds the queue, by its name in DATABASES.

A task is sent inside a transaction on the database `default`, which is committed or
rolled back. `queue` is another database:

>>> from cookbook.reference.q_cluster_brokers.orm import edges, land
>>> print(edges())
| Value | What happens |
| --- | --- |
| `"default"` | The task is in `default` |
| `"queue"` | The task is in `queue` |
| `"default"`, rolled back | The task is gone |
| `"queue"`, rolled back | The task is in `queue` |
| Not in `DATABASES` | `ConnectionDoesNotExist: The connection ...` |
| `True` | `TypeError: attribute name must be string, not 'bool'` |
>>> land(rollback=True, orm="queue", on="PostgreSQL")
['queue']
"""

import dj_database_url
from django.db import connections, transaction
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import workspace

from . import ask, code, short_table


def send(queue, rollback):
    """Send a task inside a transaction on `default`; name the databases that hold it.

    `queue` is the URL of the database that DATABASES calls by that name.
    """
    added = dj_database_url.parse(queue)
    connections.settings["queue"] = connections.settings["default"] | added
    with transaction.atomic():
        async_task(abs, -1)
        transaction.set_rollback(rollback)
    return [n for n in ("default", "queue") if OrmQ.objects.using(n).exists()]


def land(on="SQLite", rollback=False, **keys):
    with workspace({}, on) as project, workspace({}, on) as other:
        return ask(send, other["DATABASE_URL"], rollback, project=project, **keys)


def describe(outcome):
    return f"The task is in `{outcome[0]}`" if outcome else "The task is gone"


def edges():
    return short_table({
        '`"default"`': describe(land(orm="default")),
        '`"queue"`': describe(land(orm="queue")),
        '`"default"`, rolled back': describe(land(rollback=True, orm="default")),
        '`"queue"`, rolled back': describe(land(rollback=True, orm="queue")),
        "Not in `DATABASES`": code(land(orm="no-such-database")),
        "`True`": code(land(orm=True)),
    })  # fmt: skip
