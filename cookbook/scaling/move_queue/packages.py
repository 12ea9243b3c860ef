"""Write waiting tasks to a file before their broker forgets them, and enqueue them.

A task is one line: the signed package that the broker has. It is not unpickled.
"""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.core.signing import BadSignature, Signer
from django.utils.encoding import force_str
from django_q.brokers import Broker, get_broker
from django_q.conf import Conf


def read(file: Path) -> list[str]:
    """Return the tasks of a file, without a last one that was cut off by a kill.

    Raises ValueError for a task that a cluster with these settings would delete.
    """
    text = file.read_text()
    tasks = text.split("\n")[:-1]
    signer = Signer(key=Conf.SECRET_KEY, salt=Conf.PREFIX, fallback_keys=[])
    for number, task in enumerate(tasks or filter(None, [text]), 1):
        try:
            signer.unsign(task)
        except BadSignature:
            raise ValueError(
                f"{file}, line {number}: no task that was signed with this SECRET_KEY "
                f"and the name {Conf.PREFIX!r}; nothing was moved"
            ) from None
    return tasks


def fetch(broker: Broker) -> list[tuple[str, Callable[[], object]]]:
    """Return waiting tasks, each with the call that removes it from its broker.

    The Redis broker forgets what it gives, so there a task is moved aside instead.
    """
    queue = broker.connection
    if hasattr(queue, "lmove") and broker.lock_size() is None:
        aside = f"{broker.list_key}:moving"
        task = queue.lindex(aside, 0) or queue.lmove(broker.list_key, aside)
        return [(force_str(task), partial(queue.lrem, aside, 1, task))] if task else []
    return [
        (force_str(task), partial(broker.acknowledge, receipt))
        for receipt, task in broker.dequeue() or []
    ]


def save(queue: str, file: Path) -> tuple[int, int]:
    """Move what waits in a queue to the end of a file.

    Returns how many tasks, and how many others are fetched. After a kill run it again:
    each task is in the file once.
    """
    os.close(os.open(file, os.O_CREAT, 0o600))  # Arguments can be secret.
    broker, tasks = get_broker(queue), dict.fromkeys(read(file))
    before = len(tasks)
    with file.open("r+") as out:
        out.truncate(sum(len(task) + 1 for task in tasks))
        out.seek(0, os.SEEK_END)
        # A new broker for each count, because that of SQS keeps the first one.
        while (batch := fetch(broker)) or get_broker(queue).queue_size():
            out.writelines(f"{task}\n" for task, _ in batch if task not in tasks)
            out.flush()
            os.fsync(out.fileno())
            for task, remove in batch:
                tasks[task] = remove()
    return len(tasks) - before, get_broker(queue).lock_size() or 0


def load(queue: str, file: Path) -> int:
    """Enqueue the tasks of a file; return how many.

    `FILE.moved` grows by one byte for each, so another run goes on where one was
    killed: at most one task is enqueued twice.
    """
    broker, tasks = get_broker(queue), read(file)
    with Path(f"{file}.moved").open("ab") as moved:
        rest = tasks[moved.tell() :]
        for task in rest:
            broker.enqueue(task)
            moved.write(b".")
            moved.flush()
            os.fsync(moved.fileno())
    return len(rest)
