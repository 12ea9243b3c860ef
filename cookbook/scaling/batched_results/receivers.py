"""Choose results in the worker, and collect them in the monitor."""

from multiprocessing import parent_process
from typing import Any

from django_q import signals
from django_q.conf import Conf

from .writer import ACK_ID, start

# What the monitor does for these options has to be done result by result.
ALONE = ("cached", "chain", "hook", "sync")


def choose(task: dict[str, Any], **_: object) -> None:
    """Receive `post_execute_in_worker`: hide a success from the monitor.

    It then neither saves it, because of `save`, nor acknowledges it.
    """
    if (
        parent_process()  # Not in a test that runs a task in its own process.
        and task.get("success")
        and Conf.SAVE_LIMIT == 0
        and "ack_id" in task
        and "save" not in task
        and not any(task.get(option) for option in ALONE)
    ):
        task[ACK_ID], task["save"] = task.pop("ack_id"), False


def collect(task: dict[str, Any], **_: object) -> None:
    """Receive `post_execute` in the monitor: hand a success over to the writer."""
    if ACK_ID in task:
        start().put(dict(task))
        del task[ACK_ID], task["save"]  # Other receivers see the task as ever.


def listen() -> None:
    signals.post_execute_in_worker.connect(choose)
    signals.post_execute.connect(collect)
