"""Send load to a queue, and watch the supervisor's clusters follow it.

>>> from cookbook.scaling.auto_scaling.load import measure
>>> told = measure(bursts=[60], database="SQLite")
>>> told["most"], told["last"]
(3, 1)
>>> told["lost"], told["begun_twice"]
(0, 0)

Each cluster that left, and the last one, ended by itself.

>>> told["supervisor"]
'ended with 0'
>>> told["stops"], told["starts"]
(3, 3)
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
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


def work(number, seconds):
    """Write down that the task begins, and after `seconds` that it has ended."""
    for what in "began", "ended":
        with Path(os.environ["WORKSPACE"], "executions").open("a") as file:
            file.write(f"{what} {number}\n")
        if what == "began":
            time.sleep(seconds)


def enqueue(first, tasks, seconds):
    with transaction.atomic():  # The supervisor sees all of them at once.
        for number in range(first, first + tasks):
            async_task(work, number, seconds)


def states(log):
    """Return what the supervisor printed: (time, waiting, working, leaving)."""
    lines = [line.split() for line in log.read_text().splitlines()]
    return [
        (float(time), *map(int, rest))
        for time, *rest in lines
        if len(rest) == 3 and rest[0].isdigit()
    ]


def measure(bursts=(200, 100), database="PostgreSQL", seconds=0.3):
    """Enqueue each burst when the clusters of the one before have gone."""
    with trial.workspace({"Q_CLUSTER": Q_CLUSTER}, database) as environment:
        folder = Path(environment["WORKSPACE"])
        executions, log, noise = (folder / n for n in ("executions", "log", "noise"))
        executions.touch()
        with log.open("w") as out, noise.open("w") as errors:
            supervisor = subprocess.Popen(
                [
                    sys.executable, Path(__file__).with_name("supervisor.py"),
                    sys.executable, trial.MANAGE, "qcluster",
                ],
                env=environment, stdout=out, stderr=errors,
            )  # fmt: skip

        def quiet(tasks):
            """Say whether all tasks have ended and one cluster is left."""
            ended = executions.read_text().count("ended")
            return ended == tasks and states(log)[-1][1:] == (0, 1, 0)

        trial.wait_until(lambda: states(log), 60, noise.read_text)
        total = 0
        for tasks in bursts:
            trial.shell(
                environment,
                f"from {__name__} import enqueue; enqueue({total}, {tasks}, {seconds})",
            )
            total += tasks
            trial.wait_until(lambda n=total: quiet(n), 180, noise.read_text)
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(90)
        seen, told = states(log), noise.read_text()
        ran = Counter(executions.read_text().splitlines())
        return {
            "tasks": total,
            "most": max(working for _, _, working, _ in seen),
            "last": seen[-1][2],
            "lost": total - len({k for k in ran if k.startswith("ended")}),
            "begun_twice": sum(times > 1 for times in ran.values()),
            "starts": told.count(" starting."),
            "stops": told.count(" has stopped."),
            "supervisor": log.read_text().splitlines()[-1],
            "rows": over_time(seen),
            "chart": ["second", "clusters"],
        }


def over_time(seen, step=4):
    """Return what the supervisor saw, every `step` seconds."""
    begin, end = seen[0][0], seen[-1][0]
    rows = []
    for second in range(0, int(end - begin) + step, step):
        _, waiting, working, leaving = [s for s in seen if s[0] <= begin + second][-1]
        rows.append(
            {"second": second, "waiting": waiting, "clusters": working + leaving}
        )
    return rows
