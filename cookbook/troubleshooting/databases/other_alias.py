"""Send a task inside a transaction, with the queue in another database than `default`.

What happens to the next query of the transaction:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.databases.other_alias import send, send_on_commit
>>> without_cluster(send, orm="queue")
'ProgrammingError: Cannot operate on a closed database.'
>>> without_cluster(send, orm="queue", on="PostgreSQL")
'OperationalError: the connection is closed'

The task is queued although its transaction has failed. With `on_commit`, and with the
queue in `default`, nothing is closed:

>>> without_cluster(send_on_commit, orm="queue"), without_cluster(send, orm="default")
('sent', 'sent')
"""

import os
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.db import DatabaseError, connections, transaction
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.tasks import async_task

ENGINE = "django.db.backends.sqlite3"


def add_queue():
    """Add the database `queue`, as DATABASES would have it, with the table."""
    path = Path(os.environ["WORKSPACE"], "queue.sqlite3")
    own = {"ENGINE": ENGINE, "NAME": str(path), "OPTIONS": {}}
    connections.settings["queue"] = connections.settings["default"] | own
    with connections["queue"].schema_editor() as editor:
        editor.create_model(OrmQ)


def write_and(send_task):
    """Write a row, send a task, write another row; return what happens."""
    add_queue()
    try:
        with transaction.atomic():
            User.objects.create(username="ada")
            send_task()
            User.objects.create(username="grace")
    except DatabaseError as error:
        assert OrmQ.objects.using("queue").count() == 1
        return f"{type(error).__name__}: {error}"
    return "sent"


def send():
    return write_and(lambda: async_task(abs, -1))


def send_on_commit():
    return write_and(lambda: transaction.on_commit(lambda: async_task(abs, -1)))


def look_twice():
    """Return the number of tasks after two looks at an hourly schedule.

    >>> from cookbook.harness.trial import without_cluster
    >>> from cookbook.troubleshooting.databases.other_alias import look_twice
    >>> without_cluster(look_twice, orm="queue")
    2
    >>> without_cluster(look_twice, orm="default")
    1
    """
    add_queue()
    due = timezone.now() - timedelta(minutes=5)
    Schedule.objects.create(func="math.sqrt", schedule_type="H", next_run=due)
    scheduler()
    scheduler()
    return OrmQ.objects.using(Conf.ORM).count()
