"""Write down every step of a task: which process took it, and where the row was."""

import json
import os
import signal
from multiprocessing import current_process
from pathlib import Path

from django.db import transaction
from django.db.models.signals import pre_save
from django.utils import timezone
from django_q import signals
from django_q.brokers.orm import ORM
from django_q.models import OrmQ, Task


def folder():
    return Path(os.environ["WORKSPACE"])


def record(step):
    """Append a step to the trace, then die if a file asks for it."""
    # Of each child the cluster keeps the function or class that it was forked for.
    target = getattr(current_process(), "_target", None)
    locks = [row.lock.timestamp() for row in OrmQ.objects.order_by("pk")]
    saved = {task.result: task.started.timestamp() for task in Task.objects.all()}
    now = timezone.now().timestamp()
    line = {
        "process": target.__name__.lower() if target else "client",
        "pid": os.getpid(),
        "parent": os.getppid(),
        "step": step,
        "row": " ".join("locked" if lock > now else "free" for lock in locks) or "-",
        "result": " ".join(saved) or "-",
        "at": now,
        "locks": locks,
        "started": saved,
    }
    with (folder() / "trace").open("a") as trace:
        trace.write(json.dumps(line) + "\n")
    order = folder() / f"die at {step}"
    number = signal.SIGKILL if order.exists() else 0  # Signal 0 does nothing.
    order.unlink(missing_ok=True)
    os.kill(os.getpid(), number)


def steps():
    """Return the trace so far."""
    lines = (folder() / "trace").read_text().splitlines()
    return [json.loads(line) for line in lines]


class TracingBroker(ORM):
    """The ORM broker, which records each call.

    `Q_CLUSTER` names it, so that the client and the sentinel import this module,
    and the sentinel does so before it forks the others.
    """

    def ping(self):
        record("broker.ping")
        return super().ping()

    def enqueue(self, task):
        with transaction.atomic():  # Nobody fetches the row before it is recorded.
            row = super().enqueue(task)
            record("broker.enqueue")
        return row

    def dequeue(self):
        rows = super().dequeue()
        if rows:
            record("broker.dequeue")
        return rows

    def acknowledge(self, row):
        super().acknowledge(row)
        record("broker.acknowledge")


def announce(step):
    """Return a receiver that records `step`."""
    return lambda **_: record(step)


SIGNALS = ["pre_enqueue", "post_spawn", "pre_execute", "post_execute_in_worker",
           "post_execute"]  # fmt: skip
for step in SIGNALS:
    getattr(signals, step).connect(announce(step), weak=False)
pre_save.connect(announce("Task.save"), sender=Task, weak=False)
