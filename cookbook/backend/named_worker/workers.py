"""A worker of django-prodserver that knows its queue and asks its broker first.

A name that nobody configured is refused:

>>> import os
>>> from unittest.mock import patch
>>> from cookbook.backend.named_worker.workers import check_broker, take_name
>>> take_name("prioritty")
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: No cluster is called 'prioritty': ...

A name that is configured starts the process again, once; this session only looks:

>>> with patch("os.execv") as again:
...     take_name("priority")
...     take_name("priority")
>>> again.call_count, os.environ.pop("Q_CLUSTER_NAME")
(1, 'priority')

A table that is missing, and a database that nobody configured:

>>> with patch("django_q.models.OrmQ._meta.db_table", "django_q_ormq_of_old"):
...     check_broker()
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: ... Its table is missing; run `manage.py...
>>> with patch("django_q.conf.Conf.ORM", "another"):
...     check_broker()
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: The queue cannot be read (Connection...
"""

import os
import sys

from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker
from django_q.brokers import get_broker

from .shield import shield_children


class NamedWorker(DjangoQ2Worker):
    """`qcluster` for the queue that ARGS name; it survives a SIGTERM to its group."""

    def start_server(self, *args):
        for name in [arg[7:] for arg in args if arg.startswith("--name=")]:
            take_name(name)
        check_broker()
        shield_children()
        super().start_server(*args)


def take_name(name):
    """Start this process again, with the name where Django-Q2 looks for it."""
    known = [
        settings.Q_CLUSTER.get("name"),
        *settings.Q_CLUSTER.get("ALT_CLUSTERS", ()),
    ]
    if name not in known:
        raise CommandError(
            f"No cluster is called {name!r}: add it to ALT_CLUSTERS in Q_CLUSTER, "
            f"or take one of {', '.join(known)}."
        )
    if os.environ.get("Q_CLUSTER_NAME") != name:
        os.environ["Q_CLUSTER_NAME"] = name
        sys.stdout.flush()  # What waits there would be lost.
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def check_broker():
    """Ask for the size of the queue. Raises CommandError with advice."""
    try:
        get_broker().queue_size()  # The ping() of the ORM broker asks nobody.
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        advice = "Start the broker, or correct its address in the settings."
        if "django_q_ormq" in reason:
            advice = "Its table is missing; run `manage.py migrate`."
        raise CommandError(f"The queue cannot be read ({reason}). {advice}") from error
    connections.close_all()  # The cluster's processes must not share a connection.
