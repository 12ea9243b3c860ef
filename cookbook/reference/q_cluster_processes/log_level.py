"""log_level: which lines a cluster writes to its log.

Which levels are in the log after one task that succeeded and one that failed:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_processes.log_level import (
...     LOGGING, levels, refused,
... )
>>> levels()
['ERROR', 'INFO']
>>> levels(log_level="DEBUG")
['DEBUG', 'ERROR', 'INFO']
>>> levels(log_level="ERROR")
['ERROR']

A handler in LOGGING, for `django-q` or for the root, replaces Django-Q2's own one:

>>> levels(log_level="DEBUG", logging=LOGGING)
['ERROR']

At the edges:

>>> refused(log_level="debug")
'TypeError: Level not an integer or a valid string: <function debug at ...>'
>>> refused(log_level="LOUD")
"AttributeError: module 'logging' has no attribute 'LOUD'"
>>> refused(log_level=10)
"TypeError: attribute name must be string, not 'int'"

Who reads it:

>>> readers("log_level")
['conf.py']
"""

import re

from django_q.models import Task
from django_q.tasks import async_task

from cookbook.harness.trial import (
    Q_CLUSTER,
    logged,
    refusal,
    stop,
    wait_until,
    workspace,
)

LOGGING = {
    "version": 1,
    "formatters": {"plain": {"format": "[Q] %(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}


def send():
    """Send a task that succeeds and one that fails; wait until both have ended."""
    async_task(abs, 1)
    async_task(abs, "no number")
    stored = Task.objects.count
    wait_until(lambda: stored() == 2, 60, lambda: f"{stored()} of 2 have ended")
    stop()


def levels(logging=None, **changes):
    own = {"LOGGING": logging} if logging else {}
    code = f"from {__name__} import send; beside(send)"
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes, **own}) as project:
        return sorted(set(re.findall(r"\[Q\] (\w+) ", logged(project, code))))


def refused(**changes):
    """Return why a cluster does not start."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}) as project:
        return refusal(project)
