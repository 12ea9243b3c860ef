"""Signal a cluster whose workers all run a task: count what finishes, what hangs.

Needs: django-prodserver.

>>> from cookbook.evidence.group_sigterm import measure
>>> ways = ["SIGTERM to each, main process first", "SIGTERM to each, main process last"]
>>> figures = measure(ways, trials=1, patience=(1, 60))
>>> for row in figures["rows"]:
...     print(*row.values())
SIGTERM to each, main process first `DjangoQ2Worker` 10 0 10 ...
SIGTERM to each, main process first `NamedWorker` 10 10 0 0
SIGTERM to each, main process last `DjangoQ2Worker` 10 0 10 ...
SIGTERM to each, main process last `NamedWorker` 10 10 0 0
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired

import psutil
from django.db import connections
from django.utils.module_loading import import_string
from django_q.tasks import async_task

from cookbook.evidence.stopping.tasks import count
from cookbook.harness.trial import (
    Cluster,
    journal,
    main,
    members,
    wait_until,
    workspace,
    write,
)

Q_CLUSTER = {"name": "shop", "orm": "default", "workers": 10}
Q_CLUSTER |= {"timeout": 60, "retry": 90}
WORKERS = {
    "DjangoQ2Worker": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    "NamedWorker": "cookbook.backend.named_worker.workers.NamedWorker",
}
WAYS = {
    "SIGTERM to the main process": lambda pid: os.kill(pid, signal.SIGTERM),
    "SIGTERM to the group": lambda pid: os.killpg(pid, signal.SIGTERM),
    "SIGTERM to each, main process first": lambda pid: each(pid, last=False),
    "SIGTERM to each, main process last": lambda pid: each(pid, last=True),
    "SIGINT to the group": lambda pid: os.killpg(pid, signal.SIGINT),
}


def each(root, last):
    """Send SIGTERM to every process of a cluster, to its main process first or last."""
    order = sorted(members(root), key=lambda process: (process.pid == root) == last)
    for process in order:
        with suppress(psutil.NoSuchProcess):
            process.terminate()


def work(number):
    """Write that the task has begun, wait for the signal, write the end."""
    write(f"began {number}")
    mark = journal().with_name("sent")
    wait_until(mark.exists, 60, lambda: "no signal was sent")
    write(f"ended {number}")


def serve(worker):
    """Send a task for every worker, then become the main process of a cluster."""
    for number in range(Q_CLUSTER["workers"]):
        async_task(work, number)
    connections.close_all()  # Its children must not share a connection.
    import_string(WORKERS[worker])().start_server()


def trial(worker, way, patience):
    """Send a signal to a cluster at work; return the tasks ended, and if it hung."""
    with workspace({"Q_CLUSTER": Q_CLUSTER}) as environment:
        folder = Path(environment["WORKSPACE"])
        (folder / "journal").touch()
        cluster = Cluster(environment, main(serve, worker)).start()
        try:
            wait_until(
                lambda: len(count(folder, "began")) == Q_CLUSTER["workers"],
                60,
                lambda: f"no task began.{cluster.advice}",
            )
            cluster.wait()
            WAYS[way](cluster.process.pid)
            (folder / "sent").touch()
            with suppress(TimeoutExpired):
                cluster.process.wait(patience)
            hung = cluster.process.poll() is None
        finally:
            cluster.kill()
        return len(count(folder, "ended")), hung


def measure(ways=tuple(WAYS), trials=20, patience=(5, 5)):
    """Repeat it; `patience` are the seconds after which each class counts as hung."""
    rows = []
    for way in ways:
        for worker, seconds in zip(WORKERS, patience, strict=True):
            results = [trial(worker, way, seconds) for _ in range(trials)]
            finished, hung = map(sum, zip(*results, strict=True))
            rows.append(
                {
                    "signal": way,
                    "class": f"`{worker}`",
                    "tasks": trials * Q_CLUSTER["workers"],
                    "finished": finished,
                    "cut off": trials * Q_CLUSTER["workers"] - finished,
                    "hung": hung,
                }
            )
    return {"rows": rows, "trials": trials, "patience": patience[0]}
