"""Write an entry at each moment of a task. An error here never costs a task.

>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.audit_trail.models import Entry
>>> from cookbook.recipes.audit_trail.tasks import charge
>>> from cookbook.recipes.audit_trail.who import acting_as
>>> with acting_as("user 7"):
...     task = async_task(charge, 1234, card_token="tok_4242")
>>> result(task, wait=60_000)
'order 1234 is paid'
>>> for entry in Entry.objects.filter(task_id=task).order_by("pk"):
...     print(entry.who, entry.event, entry.arguments)
user 7 requested {"order": 1234, "card_token": "********"}
user 7 began {"order": 1234, "card_token": "********"}
user 7 succeeded {"order": 1234, "card_token": "********"}

A run that began more than `timeout` seconds ago and has not ended was cut off:

>>> from cookbook.recipes.audit_trail.models import Entry
>>> list(Entry.objects.unended(seconds=60))
[]
"""

import functools
import json
import logging
import os
import re
import socket
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connections, router, transaction
from django_q import signals
from django_q.utils import get_func_repr

from .models import Entry
from .redaction import describe
from .who import acting, current

FACTS = "audit_trail"  # What the package of a task carries to its worker.
logger = logging.getLogger(__name__)


def safe(receiver: Callable[..., None]) -> Callable[..., None]:
    """Log what a receiver raises; Django-Q2 would lose the worker or the task."""

    @functools.wraps(receiver)
    def receive(task: dict[str, Any], **_: object) -> None:
        try:
            receiver(task)
        except Exception:
            logger.exception("the audit trail of task %s has a gap", task.get("id"))

    return receive


def write(event: str, task: dict[str, Any], error: str = "") -> None:
    """Insert an entry, or log it where the database does not take it."""
    entry = task[FACTS] | {
        "event": event,
        "task_id": task["id"],
        "func": str(get_func_repr(task["func"]))[:256],
        "enqueued": task["started"],
        "error": error[:150],
        "process": f"{socket.gethostname()[:130]}:{os.getpid()}",
    }
    try:
        insert(Entry(**entry))
    except Exception:
        text = json.dumps(entry, default=str)
        logger.exception("an entry of the audit trail is only here: %s", text)


def insert(entry: Entry) -> None:
    alias = router.db_for_write(Entry)
    try:
        with transaction.atomic(using=alias):  # The caller may be in a transaction.
            entry.save(using=alias)
    except (InterfaceError, OperationalError):
        if connections[alias].in_atomic_block:
            raise
        connections[alias].close()  # It may be older than a restart of the server.
        entry.save(using=alias)


def facts(task: dict[str, Any], who: str) -> dict[str, Any]:
    arguments = describe(task["func"], task["args"], task["kwargs"])
    return {"who": who[:150], "arguments": arguments}


@safe
def request(task: dict[str, Any], **_: object) -> None:
    """Receive `pre_enqueue` in the process that calls `async_task`."""
    task[FACTS] = facts(task, current())
    write(Entry.Event.REQUESTED, task)


@safe
def begin(task: dict[str, Any], **_: object) -> None:
    """Receive `pre_execute` in the worker, outside the task's transactions."""
    # A task that was queued before you added the app carries nothing.
    task[FACTS] = (task.get(FACTS) or facts(task, "unknown")) | {"run": uuid4().hex}
    write(Entry.Event.BEGAN, task)
    # What the task enqueues is done for the same person.
    task[FACTS]["before"] = acting.set(task[FACTS]["who"])


@safe
def end(task: dict[str, Any], **_: object) -> None:
    """Receive `post_execute_in_worker`."""
    acting.reset(task[FACTS].pop("before"))  # It cannot be pickled.
    if task.get("success"):
        write(Entry.Event.SUCCEEDED, task)
    elif "result" in task:
        write(Entry.Event.FAILED, task, kind_of_error(task["result"]))
    else:  # With `sync` the error is not handled yet.
        write(Entry.Event.FAILED, task, getattr(sys.exc_info()[0], "__name__", ""))


def kind_of_error(result: str) -> str:
    """Return the class of the error; its message may hold what nobody should see."""
    _, _, last = result.rpartition('\n  File "')
    kinds = re.findall(r"^([A-Za-z_][\w.]*)(?::|$)", last, re.M)
    return kinds[0] if kinds else ""


def listen() -> None:
    signals.pre_enqueue.connect(request)
    signals.pre_execute.connect(begin)
    signals.post_execute_in_worker.connect(end)
