"""Mark busy workers in Redis, whose broker keeps no locks.

A worker on Redis runs a task of six seconds:

>>> from time import sleep
>>> from cookbook.recipes.qdrain.counts import count
>>> from django.core.management import call_command
>>> from django_q.tasks import async_task
>>> _ = async_task("time.sleep", 6)
>>> while (counts := count(["shop"]))["shop"] or not counts["running"]:
...     sleep(0.05)
>>> counts
{'shop': 0, 'fetched': 0, 'running': 1}
>>> call_command("qdrain", seconds=60)
shop: 0 waiting; 0 fetched, 1 running
...
drained
"""

import logging
import os
import socket
from functools import cache

from django_q.brokers import Broker, get_broker
from django_q.conf import Conf
from django_q.signals import post_execute_in_worker, post_spawn, pre_execute
from django_q.status import Stat

DAY = 24 * 60 * 60  # Seconds; the mark of a killed worker ends after them.
logger = logging.getLogger(__name__)


@cache
def broker() -> Broker:
    """Return one connection for each process."""
    return get_broker()


def mark(host: str, pid: int) -> str:
    return f"qdrain:{host}:{pid}"


def set_mark(queue: str, seconds: int) -> None:
    """Write the mark of this worker. A task never fails because Redis does."""
    try:
        broker().set_stat(mark(socket.gethostname(), os.getpid()), queue, seconds)
    except Exception:
        logger.warning("qdrain cannot mark this worker", exc_info=True)


def begin(**_: object) -> None:
    """Receive `pre_execute`: this worker has a task of this queue."""
    set_mark(Conf.CLUSTER_NAME, DAY)


def end(**_: object) -> None:
    """Receive `post_execute_in_worker`: this worker has none."""
    set_mark("", 1)


def listen() -> None:
    pre_execute.connect(begin)
    post_execute_in_worker.connect(end)
    post_spawn.connect(end)  # Its pid may have been that of a killed worker.


def running(stats: list[Stat]) -> list[str]:
    """Return the queue of each busy worker of these clusters."""
    marks = [mark(stat.host, pid) for stat in stats for pid in stat.workers]
    queues = [broker().get_stat(one) for one in marks]
    return [queue.decode() for queue in queues if queue]
