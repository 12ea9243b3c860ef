"""One trial: stop a cluster, end what is left, let a second one finish the rest."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from cookbook.harness.trial import (
    MANAGE,
    Cluster,
    call,
    note,
    processes,
    wait_until,
    workspace,
)

from . import settings
from .managers import edited
from .tasks import count, drain, end_locks, enqueue

BROKERS = {
    "ORM": {"orm": "default"},
    "Redis": {"redis": "redis://localhost:6379/0"},
}


def trial(way, broker, size):
    """Stop one cluster in one way; return what came of it and of its tasks."""
    project = {
        "Q_CLUSTER": settings.Q_CLUSTER | BROKERS[broker] | way.settings,
        "DATABASES": settings.DATABASES,
        "INSTALLED_APPS": settings.INSTALLED_APPS,
        "PRODUCTION_PROCESSES": settings.PRODUCTION_PROCESSES,
    }
    with workspace(project) as environment:
        folder, size = Path(environment["WORKSPACE"]), way.tasks or size
        (folder / "journal").touch()
        call(Cluster(environment), enqueue, size, way.seconds)
        with (folder / "log").open("w") as log:
            process = start(way, environment, folder, log)
            wait(way, folder, size)
            before = count(folder, "ended")
            outcome = stop(way, process, folder)
        stopped = "has stopped." in (folder / "log").read_text()
        cut_off = count(folder, "began") - count(folder, "ended")
        outcome["clean"] = stopped and not cut_off
        outcome["finished after the signal"] = len(count(folder, "ended") - before)
        begun = count(folder, "began")
        outcome["orphans"] = orphans(folder)
        outcome["begun by orphans"] = (count(folder, "began") - begun).total()
        end_all(folder)
        (folder / "quick").touch()
        end_locks(folder)
        with Cluster(environment) as second:
            call(second, drain)
        began, ended = count(folder, "began"), count(folder, "ended")
        outcome["run twice"] = sum(times > 1 for times in began.values())
        outcome["lost"] = size - len(ended)
    return outcome


def start(way, environment, folder, log):
    """Start what the way says, in the project's folder and in a session of its own."""
    (folder / "manage.py").symlink_to(MANAGE)
    (folder / "venv").symlink_to(sys.prefix)
    command = []
    for word in way.command:
        if isinstance(word, Path):  # A configuration file; its rows may edit it.
            (folder / word.name).write_text(edited(word.read_text(), way.edits))
            word = folder / word.name
        command.append(str(word).replace("/srv/shop", str(folder)))
    environment |= {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PROJECT": str(folder),
    }
    note("cluster")
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip


def wait(way, folder, size):
    """Wait until tasks have begun and one still runs, or until all have ended."""

    def is_time():
        lines = ["", *(folder / "journal").read_text().splitlines()]
        begun = count(folder, "began").total()
        ready = begun >= (way.begun or size // 4) and lines[-1].startswith("began")
        processed = (folder / "log").read_text().count("INFO Processed ")
        return processed == size if way.idle else ready

    wait_until(is_time, 90, lambda: (folder / "log").read_text())


def stop(way, process, folder):
    """Send the signals; kill everything that has not ended after the grace."""
    started, log, line = time.monotonic(), folder / "log", ""
    for number, whom in way.signals:
        wait_until(lambda line=line: line in log.read_text(), 90, log.read_text)
        send(number, whom, process, folder)
        line = "stopping."  # Else equal signals become one.
    with suppress(TimeoutError):
        wait_until(lambda: is_over(way, process, folder), way.grace, str)
    if way.contained or process.poll() is None:
        send(signal.SIGKILL, "each", process, folder)
    return {
        "exit code": process.wait(60),
        "seconds": round(time.monotonic() - started, 1),
    }


def is_over(way, process, folder):
    ended = process.poll() is not None
    return ended and not (way.whole and processes(folder))


def send(number, whom, process, folder):
    if whom == "main":
        process.send_signal(number)
    elif whom == "group":
        os.killpg(process.pid, number)
    else:
        for each in processes(folder):  # In the order of their ids.
            with suppress(psutil.NoSuchProcess):
                if whom in ("each", each.name()):
                    each.send_signal(number)


def orphans(folder):
    """Count the processes that are still there 3 seconds later."""
    with suppress(TimeoutError):
        wait_until(lambda: not processes(folder), 3, str)
    return len(processes(folder))


def end_all(folder):
    send(signal.SIGKILL, "each", None, folder)
    wait_until(
        lambda: not processes(folder),
        60,
        lambda: f"still running: {processes(folder)}",
    )
