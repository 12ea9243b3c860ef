"""One trial: start the processes of a Procfile, stop them, count their tasks."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import sleep

import psutil
from django.core.management import call_command
from django_q.tasks import async_task
from honcho.environ import parse_procfile

from cookbook.evidence.stopping.tasks import count, drain, end_locks
from cookbook.evidence.stopping.trials import BROKERS
from cookbook.harness.trial import (
    Cluster,
    call,
    journal,
    note,
    processes,
    wait_until,
    workspace,
    write,
)

from .settings import INSTALLED_APPS, PRODUCTION_PROCESSES, Q_CLUSTER

PLAIN = Path(__file__).with_name("Procfile.plain")
HONCHO = ["honcho", "start", "web", "worker"]
TASKS = 40


def work(number, seconds):
    """Write the begin, wait for the signal, and end a little later."""
    folder = journal().parent
    write(f"began {number}")
    wait_until((folder / "sent").exists, 90, lambda: "no signal was sent")
    sleep(0 if (folder / "quick").exists() else seconds)
    write(f"ended {number}")


def enqueue(seconds):
    for number in range(TASKS):
        async_task(work, number, seconds)


def trial(procfile, broker, seconds, grace, command=()):
    """Stop one cluster while it runs tasks; return what became of them.

    A `command` gets Ctrl-C. Without one it is a dyno: every process gets SIGTERM.
    """
    with project(broker) as environment:
        folder = Path(environment["WORKSPACE"])
        (folder / "journal").touch()
        call(Cluster(environment), enqueue, seconds)
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
        end_locks(folder)
        with Cluster(environment) as second:
            call(second, drain)
        began, ended = count(folder, "began"), count(folder, "ended")
        return {
            "finished": finished,
            "killed": killed,
            "run again": sum(times > 1 for times in began.values()),
            "lost": TASKS - len(ended),
            "printed": printed(folder),
        }


def start_all(procfile):
    """Let `honcho start` run until it ends; return what it has printed."""
    with project() as environment:
        start(["honcho", "start"], procfile, environment).wait(90)
        return printed(Path(environment["WORKSPACE"]))


def project(broker="ORM"):
    return workspace(
        {
            "Q_CLUSTER": Q_CLUSTER | BROKERS[broker],
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
    shutil.copy(procfile, site / "Procfile")
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


def printed(folder):
    """Return what honcho itself has printed after it had started everything."""
    lines = re.findall(r"^\S+ system +\| (.+)$", (folder / "log").read_text(), re.M)
    return "\n".join(line for line in lines if " started (pid=" not in line)
