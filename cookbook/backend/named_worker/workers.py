"""A worker of django-prodserver that serves a queue by its name.

A name that nobody configured is refused before the cluster starts:

>>> from cookbook.backend.named_worker.workers import choose_queue
>>> choose_queue("prioritty")
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: No queue is called 'prioritty': add it ...
"""

import os
import sys

from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker
from django_q.brokers import get_broker
from django_q.conf import Conf

from .shield import shield_children


class NamedWorker(DjangoQ2Worker):
    """`qcluster` for the queue that ARGS name; it survives a SIGTERM to its group."""

    def start_server(self, *args: str) -> None:
        names = [arg[7:] for arg in args if arg.startswith("--name=")]
        if names:
            choose_queue(names[-1])
        check_broker()
        shield_children()
        super().start_server(*args)


def queue_names() -> list[str]:
    """Return the queues that the settings name, the default one first."""
    keys = getattr(settings, "Q_CLUSTER", {})
    own = keys.get("cluster_name") or keys.get("name") or "default"
    return [own, *keys.get("ALT_CLUSTERS", {})]


def choose_queue(name: str) -> None:
    """Start this process again with the name where Django-Q2 reads it, if needed.

    Raises CommandError for a queue that the settings do not name.
    """
    if name not in queue_names():
        raise CommandError(
            f"No queue is called {name!r}: add it to ALT_CLUSTERS in Q_CLUSTER, "
            f"or use one of {', '.join(queue_names())}."
        )
    if name != Conf.CLUSTER_NAME:
        os.environ["Q_CLUSTER_NAME"] = name
        sys.stdout.flush()  # What is buffered would be lost.
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def check_broker() -> None:
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
