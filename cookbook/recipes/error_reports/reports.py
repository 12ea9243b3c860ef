"""Make an event of a failed task, and send it before the worker ends.

Django-Q2 hands a receiver the traceback as text. Its frames are read back from that,
so that Sentry can show and group them.

What a task is called does not matter. Its function and its exception do:

>>> import traceback
>>> from cookbook.recipes.error_reports.reports import event
>>> try:
...     {}["address"]
... except KeyError:
...     text = traceback.format_exc()
>>> task = {"id": "1", "name": "six-blue-cats", "func": "shop.tasks.send"}
>>> report = event(task | {"result": f"'address' : {text}"})
>>> report["fingerprint"]
['shop.tasks.send', 'KeyError']
>>> report["exception"]["values"][0]["value"]
"'address'"
"""

import logging
import re
from typing import Any

import sentry_sdk
from django_q.signals import post_execute_in_worker
from django_q.utils import get_func_repr

logger = logging.getLogger(__name__)
# In a traceback only the exception begins at the start of a line.
ERROR = re.compile(r"^([\w.]+)(?:: (.*))?", re.M | re.S)
FRAME = re.compile(r'^  File "(.+)", line (\d+), in (.+)\n(?:    (.+)\n)?', re.M)
LOGGERS = ("django-q", "tasks")  # Those of Django-Q2, and of the recipe json-logs.
SECONDS = 2  # How long a worker waits until Sentry has the event.


def report(task: dict[str, Any], **_: object) -> None:
    """Receive `post_execute_in_worker`. It never raises."""
    if task.get("success", True):  # With `sync=True` the caller gets the exception.
        return
    try:
        sentry_sdk.capture_event(event(task))
        # A worker ends without running `atexit`: what waits would be lost.
        sentry_sdk.flush(timeout=SECONDS)
    except Exception:
        logger.exception("the failure of %s was not reported", task["id"])


def event(task: dict[str, Any]) -> dict[str, Any]:
    """Return what Sentry shows; the arguments of the task are not in it."""
    function = get_func_repr(task["func"])
    _, _, trace = task["result"].rpartition("Traceback (most recent call last):")
    [(kind, text)] = ERROR.findall(trace)
    frames = [
        {
            "filename": file,
            "abs_path": file,
            "lineno": int(line),
            "function": name,
            "context_line": code,
            "in_app": "site-packages" not in file,
        }
        for file, line, name, code in FRAME.findall(trace)
    ]
    error = {"type": kind, "value": text.strip(), "stacktrace": {"frames": frames}}
    return {
        "level": "error",
        "logger": "tasks",
        "transaction": function,
        # The name of a task is random: in the fingerprint it would make a new issue
        # of each failure.
        "fingerprint": [function, kind],
        "tags": {"function": function, "request_id": task.get("request_id", "")},
        "extra": {"task id": task["id"], "task name": task["name"]},
        "exception": {"values": [error]},
    }


def drop_copies(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any] | None:
    """Drop what Sentry's logging integration makes of a line about a failed task.

    A line that is CRITICAL stays: a worker that died sends no signal.
    """
    is_line = "logentry" in event and event.get("logger") in LOGGERS
    return None if is_line and event.get("level") == "error" else event


def listen() -> None:
    """Connect the receiver; the app calls it once."""
    sentry_sdk.get_global_scope().add_event_processor(drop_copies)
    post_execute_in_worker.connect(report, dispatch_uid="error_reports")
