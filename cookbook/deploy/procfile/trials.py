"""Start the processes of a Procfile, stop them, and count what became of the tasks.

A dyno: SIGTERM to every process, then SIGKILL. The small size has two trials.

>>> from cookbook.deploy.procfile.trials import HONCHO, measure, start_all, trial
>>> trials = [("Procfile.plain", "Redis", 0.1, 2), ("Procfile", "ORM", 0.1, 90)]
>>> plain, named = measure(trials, times=1)["rows"]
>>> plain["Finished"], plain["Lost"] >= 2
(0, True)
>>> named["Finished"] >= 2, named["Run again"], named["Lost"], named["Killed"]
(True, 0, 0, '0 of 1')

honcho, after Ctrl-C in its terminal:

>>> found = trial("Procfile.plain", "ORM", 30, 90, HONCHO)
>>> print(found["said"])
SIGINT received
sending SIGTERM to web.1 (pid ...)
sending SIGTERM to worker.1 (pid ...)
...
>>> found["finished"], found["run again"] >= 2, found["lost"]
(0, True, 0)

Without names honcho starts the line `release` too, and ends when that has ended:

>>> print(start_all("Procfile"))
release.1 stopped (rc=0)
sending SIGTERM to web.1 (pid ...)
sending SIGTERM to worker.1 (pid ...)
...
"""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import psutil
from django.core.management import call_command
from django_q.brokers import get_broker
from django_q.tasks import async_task
from honcho.environ import parse_procfile

from cookbook.harness.trial import (
    Cluster,
    note,
    processes,
    shell,
    wait_until,
    workspace,
)

from .settings import INSTALLED_APPS, PRODUCTION_PROCESSES, Q_CLUSTER

HERE = Path(__file__).parent
HONCHO = ["honcho", "start", "web", "worker"]
TASKS = 40
BROKERS = {
    "ORM": {"orm": "default"},
    "Redis": {"redis": "redis://localhost:6379/0"},
}
TRIALS = [
    ("Procfile.plain", "ORM", 1, 30),
    ("Procfile.plain", "Redis", 1, 30),
    ("Procfile", "ORM", 1, 30),
    ("Procfile", "Redis", 1, 30),
    ("Procfile", "ORM", 40, 30),
    ("Procfile", "Redis", 40, 30),
]


def work(number, seconds):
    """Write down the begin, wait until the signal was sent, and end a little later."""
    folder = Path(os.environ["WORKSPACE"])
    write_down(folder, "began", number)
    wait_until((folder / "sent").exists, 90, lambda: "no signal was sent")
    time.sleep(0 if (folder / "quick").exists() else seconds)
    write_down(folder, "ended", number)


def write_down(folder, what, number):
    with (folder / "executions").open("a") as file:
        file.write(f"{what} {number}\n")


def count(folder, what):
    """Count how often each task "began" or "ended"."""
    lines = (folder / "executions").read_text().splitlines()
    return Counter(line.split()[1] for line in lines if line.startswith(what))


def enqueue(seconds):
    for number in range(TASKS):
        async_task(work, number, seconds)


def drain():
    """Return when the broker has nothing left, locked or not."""
    broker = get_broker()
    wait_until(
        # Locked ones first: a lock that ends meanwhile counts twice, and not never.
        lambda: not (broker.lock_size() or 0) + broker.queue_size(),
        120,
        lambda: "the queue never became empty",
    )


def retry(folder):
    """Make the ORM broker deliver again at once what it gave to the first cluster."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        database.execute("UPDATE django_q_ormq SET lock = '2000-01-01 00:00:00'")


def project(broker="ORM"):
    """Return a workspace whose tasks are neither timed out nor delivered again."""
    cluster = Q_CLUSTER | {"timeout": 600, "retry": 900}
    del cluster["orm"]
    return workspace(
        {
            "Q_CLUSTER": cluster | BROKERS[broker],
            "INSTALLED_APPS": INSTALLED_APPS,
            "PRODUCTION_PROCESSES": PRODUCTION_PROCESSES,
        }
    )


def start(command, procfile, environment):
    """Start honcho, or else the line `worker`, in a project that has the file."""
    folder = Path(environment["WORKSPACE"])
    site = folder / "site"
    site.mkdir()
    call_command("startproject", "config", site)
    shutil.copy(HERE / procfile, site / "Procfile")
    lines = parse_procfile((site / "Procfile").read_text()).processes
    note("cluster")
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            command or ["sh", "-c", lines["worker"]], cwd=site,
            stdout=log, stderr=log, start_new_session=True,
            env=environment | {
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "GUNICORN_CMD_ARGS": "--bind unix:web.sock",
            },
        )  # fmt: skip


def send(number, folder):
    """Send a signal to every process that works in a folder, as to those of a dyno."""
    for process in processes(folder):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def said(folder):
    """Return what honcho itself has said after it had started everything."""
    lines = re.findall(r"^\S+ system +\| (.+)$", (folder / "log").read_text(), re.M)
    return "\n".join(line for line in lines if " started (pid=" not in line)


def trial(procfile, broker, seconds, grace, command=()):
    """Stop one cluster while it runs tasks; return what became of them.

    A `command` gets Ctrl-C. Without one it is a dyno, and every process is told.
    """
    with project(broker) as environment:
        folder = Path(environment["WORKSPACE"])
        (folder / "executions").touch()
        here = f"from {__name__} import enqueue, drain; "
        shell(environment, f"{here}enqueue({seconds})")
        process = start(command, procfile, environment)
        wait_until(
            lambda: len(count(folder, "began")) == Q_CLUSTER["workers"],
            90,
            (folder / "log").read_text,
        )
        if command:
            os.killpg(process.pid, signal.SIGINT)
        else:
            send(signal.SIGTERM, folder)
        (folder / "sent").touch()
        with suppress(TimeoutError):
            wait_until(lambda: not processes(folder), grace, str)
        killed = bool(processes(folder))
        send(signal.SIGKILL, folder)
        process.wait(60)
        finished = len(count(folder, "ended"))
        (folder / "quick").touch()
        retry(folder)
        with Cluster(environment):
            shell(environment, f"{here}drain()")
        began, ended = count(folder, "began"), count(folder, "ended")
        return {
            "finished": finished,
            "killed": killed,
            "run again": sum(times > 1 for times in began.values()),
            "lost": TASKS - len(ended),
            "said": said(folder),
        }


def start_all(procfile):
    """Let `honcho start` run until it ends by itself; return what it has said."""
    with project() as environment:
        start(["honcho", "start"], procfile, environment).wait(90)
        return said(Path(environment["WORKSPACE"]))


def measure(trials=TRIALS, times=5, at_once=6):
    """Repeat each trial, and add up what became of its tasks."""
    with ThreadPoolExecutor(at_once) as pool:
        waits = [[pool.submit(trial, *of) for _ in range(times)] for of in trials]
        found = [[wait.result() for wait in of] for of in waits]
    rows = []
    for (procfile, broker, seconds, _), of in zip(trials, found, strict=True):
        total = {k: sum(one[k] for one in of) for k in of[0] if k != "said"}
        rows.append(
            {
                "File": f"`{procfile}`",
                "Broker": broker,
                "Seconds per task": seconds,
                "Killed": f"{total['killed']} of {times}",
                "Finished": total["finished"],
                "Run again": total["run again"],
                "Lost": total["lost"],
            }
        )
    return {"rows": rows, "tasks": TASKS * times, "times": times}
