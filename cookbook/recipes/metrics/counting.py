"""Receivers of Django-Q2's signals, which run in the workers and in the monitor."""

import logging
import os
import socket

from django.db import DatabaseError
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.utils import get_func_repr

from .models import Finished


def busy_key(host, worker):
    return f"metrics:busy:{host}:{worker}"


def begin(sender, task, **kwargs):
    """In a worker: note when a task leaves the queue, and that this worker is busy.

    "started" in a package is the time when it was enqueued.
    """
    task["began"] = timezone.now()
    key = busy_key(socket.gethostname(), os.getpid())
    get_broker().cache.set(key, True, (Conf.TIMEOUT or 86_400) + 60)


def end(sender, task, **kwargs):
    """In a worker: it is idle again."""
    get_broker().cache.delete(busy_key(socket.gethostname(), os.getpid()))


def count(sender, task, **kwargs):
    """In the monitor: add the task to the counters.

    The monitor dies of what a receiver raises, and with it the result of no task,
    but the results that wait for it.
    """
    waited = (task["began"] - task["started"]).total_seconds()
    ran = (task["stopped"] - task["began"]).total_seconds()
    outcome = "success" if task["success"] else "failure"
    try:
        Finished.objects.add(get_func_repr(task["func"]), outcome, waited, ran)
    except DatabaseError:
        logging.getLogger("django-q").exception("A task was not counted")
