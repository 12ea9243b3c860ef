"""orm: the database that holds the queue, by its name in DATABASES.

Where a task lands that is sent inside a transaction on `default`:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_brokers.orm import landed
>>> landed(orm="default")
{'default': 1, 'queue': 0}
>>> landed(orm="queue")
{'default': 0, 'queue': 1}

What is left when that transaction is rolled back:

>>> landed(rollback=True, orm="default")
{'default': 0, 'queue': 0}
>>> landed(rollback=True, orm="queue")
{'default': 0, 'queue': 1}
>>> landed(rollback=True, orm="queue", on="PostgreSQL")
{'default': 0, 'queue': 1}

At the edges:

>>> landed(orm="no-such-database")
"ConnectionDoesNotExist: The connection 'no-such-database' doesn't exist."
>>> landed(orm=True)
"TypeError: attribute name must be string, not 'bool'"

Who reads it:

>>> readers("orm")
['admin.py', 'brokers/__init__.py', 'brokers/orm.py']
"""

import dj_database_url
from django.db import connections, transaction
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import workspace

from . import ask


def send(queue, rollback):
    """Send a task inside a transaction on `default`; count the tasks in each database.

    `queue` is the URL of the database that DATABASES calls by that name.
    """
    added = dj_database_url.parse(queue)
    connections.settings["queue"] = connections.settings["default"] | added
    with transaction.atomic():
        async_task(abs, -1)
        transaction.set_rollback(rollback)
    return {name: OrmQ.objects.using(name).count() for name in ("default", "queue")}


def landed(on="SQLite", rollback=False, **keys):
    with workspace({}, on) as project, workspace({}, on) as other:
        return ask(send, other["DATABASE_URL"], rollback, project=project, **keys)
