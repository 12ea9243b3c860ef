"""Count each run, and mark each worker that is busy.

The cache is down; its table does not exist. The tasks run all the same:

>>> from django_q.tasks import async_task, result
>>> result(async_task("math.sqrt", 4), wait=60_000)
2.0
>>> result(async_task("math.sqrt", 9), wait=60_000)
3.0
"""

import logging
import os
import socket

from django.core.cache import caches
from django.utils import timezone
from django_q import signals
from django_q.conf import Conf
from django_q.utils import get_func_repr

from .models import Finished

DAY = 24 * 60 * 60  # Seconds; the mark of a killed worker ends after them.
logger = logging.getLogger(__name__)


def busy_key(host: str, pid: int) -> str:
    return f"metrics:{Conf.PREFIX}:busy:{host}:{pid}"


def mark(busy: bool) -> None:
    """Write whether this worker is busy. A task never fails because the cache does."""
    key = busy_key(socket.gethostname(), os.getpid())
    try:
        if busy:
            caches[Conf.CACHE].set(key, True, DAY)
        else:
            caches[Conf.CACHE].delete(key)
    except Exception:  # Each cache has errors of its own.
        logger.warning("metrics cannot mark this worker", exc_info=True)


def begin(task: dict, **_: object) -> None:
    """Receive `pre_execute` in a worker.

    "started" in a task is when it was enqueued; this is when its function starts.
    """
    task["began"] = timezone.now()
    mark(busy=True)


def end(**_: object) -> None:
    """Receive `post_execute_in_worker`, and `post_spawn`: a pid can come again."""
    mark(busy=False)


def count(task: dict, **_: object) -> None:
    """Receive `post_execute` in the monitor, which dies of any exception here."""
    try:
        began = task.get("began", task["started"])
        waited = (began - task["started"]).total_seconds()
        runtime = (task["stopped"] - began).total_seconds()
        outcome = "success" if task["success"] else "failure"
        Finished.objects.add(get_func_repr(task["func"]), outcome, waited, runtime)
    except Exception:
        logger.exception("a run was not counted")


def listen() -> None:
    signals.post_spawn.connect(end)
    signals.pre_execute.connect(begin)
    signals.post_execute_in_worker.connect(end)
    signals.post_execute.connect(count)
