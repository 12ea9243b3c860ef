"""Marks of busy workers in Redis, whose broker keeps no locks.

Here a real cluster on Redis serves the queue `shop`; a task runs until its file goes:

>>> from django_q.status import Stat
>>> from time import sleep, time
>>> from cookbook.recipes.qdrain.busy import running, work_while
>>> from tempfile import NamedTemporaryFile
>>> from threading import Timer
>>> from django.core.management import call_command
>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.qdrain.management.commands.qdrain import look
>>> hold = NamedTemporaryFile()
>>> task = async_task(work_while, hold.name)
>>> while not (seen := look(["shop"]))["busy"]:
...     sleep(0.05)
>>> seen["queues"], seen["busy"]
({'shop': {'waiting': 0, 'locked': None}}, 1)

The cluster tells of its queues in memory, and calls itself idle all the same:

>>> while not (stats := Stat.get_all()) or stats[0].status != "Idle":
...     sleep(0.05)
>>> running(stats)
['shop']

The command waits for the worker:

>>> Timer(3, hold.close).start()
>>> call_command("qdrain", "--seconds", "90")
shop: 0 waiting; memory: 0; busy: 1
...
drained
>>> drained_at = time()
>>> result(task, wait=60_000) < drained_at
True
"""

import os
import socket
from functools import cache
from pathlib import Path
from time import sleep, time

from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.signals import post_execute_in_worker, post_spawn, pre_execute

Q_CLUSTER = {
    "name": "shop",
    "redis": "redis://localhost:6379/0",
    "workers": 1,
    "timeout": 60,
    "retry": 300,
}
DAY = 24 * 60 * 60  # The mark of a killed worker has no owner, and ends by itself.

broker = cache(get_broker)  # One connection in each worker.


def mark(host, pid):
    return f"qdrain:{host}:{pid}"


def begin(**_):
    """Receive `pre_execute`: this worker has a task of this queue."""
    own = mark(socket.gethostname(), os.getpid())
    broker().set_stat(own, Conf.CLUSTER_NAME, DAY)


def end(**_):
    """Receive `post_execute_in_worker`: this worker has none."""
    broker().set_stat(mark(socket.gethostname(), os.getpid()), "", 1)


def listen():
    pre_execute.connect(begin)
    post_execute_in_worker.connect(end)
    post_spawn.connect(end)  # Its pid may have been that of a killed worker.


def running(stats):
    """Return the queue of each busy worker of these clusters."""
    marks = [mark(stat.host, pid) for stat in stats for pid in stat.workers]
    told = [broker().get_stat(own) for own in marks]
    return [queue.decode() for queue in told if queue]


def work_while(file):
    """Stand for a long task: work until the file is gone, return when that was."""
    while Path(file).exists():
        sleep(0.05)
    return time()
