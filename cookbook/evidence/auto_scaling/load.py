"""Send load to a queue, and watch the supervisor's clusters follow it.

The small size, on SQLite: one burst of sixty tasks. Each of the three clusters
stopped cleanly:

>>> from cookbook.evidence.auto_scaling.load import measure
>>> figures = measure(bursts=[60], database="SQLite")
>>> figures["most"], figures["last"]
(3, 1)
>>> figures["lost"], figures["begun_twice"]
(0, 0)
>>> figures["stops"], figures["starts"]
(3, 3)
>>> figures["supervisor"]
'ended with 0'
"""

import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django_q.tasks import async_task

from cookbook.harness import trial

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "timeout": 60,
    "retry": 600,
    "queue_limit": 2,
    "save_limit": -1,
}
SUPERVISOR = [
    sys.executable, "-m", "cookbook.scaling.auto_scaling.supervisor",
    "--most", "3", "--each", "10", "--hold", "3",
    sys.executable, trial.MANAGE, "qcluster",
]  # fmt: skip
LINE = re.compile(r"^(.{19}) (\d+) waiting, (\d+) working, (\d+) stopping$", re.M)


def work(number, seconds):
    """Write down that the task begins, and after `seconds` that it has ended."""
    trial.write(f"began {number}")
    time.sleep(seconds)
    trial.write(f"ended {number}")


def enqueue(first, tasks, seconds):
    with transaction.atomic():  # The supervisor sees all of them at once.
        for number in range(first, first + tasks):
            async_task(work, number, seconds)


def states(log):
    """Return what the supervisor printed: (time, waiting, working, stopping)."""
    return [
        (datetime.fromisoformat(when), *map(int, counts))
        for when, *counts in LINE.findall(log.read_text())
    ]


def measure(bursts=(200, 100), database="PostgreSQL", seconds=0.3):
    """Enqueue each burst when the clusters of the one before have gone."""
    with trial.workspace({"Q_CLUSTER": Q_CLUSTER}, database) as environment:
        folder = Path(environment["WORKSPACE"])
        journal, log, noise = (folder / n for n in ("journal", "log", "noise"))
        journal.touch()
        with log.open("w") as out, noise.open("w") as errors:
            supervisor = subprocess.Popen(
                SUPERVISOR, env=environment, stdout=out, stderr=errors
            )

        def quiet(tasks):
            """Say whether all tasks have ended and one cluster is left."""
            ended = journal.read_text().count("ended")
            return ended == tasks and states(log)[-1][1:] == (0, 1, 0)

        trial.wait_until(lambda: states(log), 60, noise.read_text)
        total = 0
        for tasks in bursts:
            trial.call(environment, enqueue, total, tasks, seconds)
            total += tasks
            trial.wait_until(lambda n=total: quiet(n), 180, noise.read_text)
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(90)
        samples, clusters = states(log), noise.read_text()
        lines = Counter(journal.read_text().splitlines())
        return {
            "tasks": total,
            "most": max(working for _, _, working, _ in samples),
            "last": samples[-1][2],
            "lost": total - len([line for line in lines if line.startswith("ended")]),
            "begun_twice": len([line for line, times in lines.items() if times > 1]),
            "starts": clusters.count(" starting."),
            "stops": clusters.count(" has stopped."),
            "supervisor": log.read_text().splitlines()[-1],
            "rows": over_time(samples),
            "chart": ["second", "clusters"],
        }


def over_time(samples, step=4):
    """Return what the supervisor saw, every `step` seconds."""
    samples = [
        ((when - samples[0][0]).total_seconds(), *counts) for when, *counts in samples
    ]
    rows = []
    for second in range(0, int(samples[-1][0]) + step, step):
        _, waiting, working, stopping = [s for s in samples if s[0] <= second][-1]
        rows.append(
            {"second": second, "waiting": waiting, "clusters": working + stopping}
        )
    return rows
