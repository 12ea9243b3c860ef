"""log_level: the level from which a cluster writes lines to its log.

One task succeeds, one fails. Which levels are in the log?

>>> from cookbook.reference.q_cluster_processes.log_level import LOGGING, edges, levels
>>> print(edges())
| Value | Levels in the log |
| --- | --- |
| Not set | ERROR, INFO |
| `"DEBUG"` | DEBUG, ERROR, INFO |
| `"ERROR"` | ERROR |
| `"debug"` | `TypeError: Level not an integer or a valid string: <function ...>` |
| `"LOUD"` | `AttributeError: module 'logging' has no attribute 'LOUD'` |
| `10` | `TypeError: attribute name must be string, not 'int'` |

A handler in LOGGING, for `django-q` or for the root, replaces Django-Q2's own one:

>>> levels(log_level="DEBUG", logging=LOGGING)
['ERROR']
"""

import re

from django_q.models import Task
from django_q.tasks import async_task

from cookbook.harness.trial import (
    Q_CLUSTER,
    beside,
    logged,
    refusal,
    stop,
    table,
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
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes, **own}) as project:
        return sorted(set(re.findall(r"\[Q\] (\w+) ", logged(project, beside, send))))


def refuse(**changes):
    """Return why a cluster does not start."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}) as project:
        return refusal(project)


def edges():
    rows = {"Not set": levels()} | {
        f'`"{level}"`': levels(log_level=level) for level in ("DEBUG", "ERROR")
    }
    listed = {text: ", ".join(names) for text, names in rows.items()}
    wrong = {
        '`"debug"`': refuse(log_level="debug"),
        '`"LOUD"`': refuse(log_level="LOUD"),
        "`10`": refuse(log_level=10),
    }
    errors = {text: f"`{error}`" for text, error in wrong.items()}
    return table(listed | errors, ("Value", "Levels in the log"))
