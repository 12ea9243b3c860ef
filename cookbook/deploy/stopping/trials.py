"""Stop a working cluster, count, let a second cluster work off the rest, and count.

supervisor reads every option of its file:

>>> import os
>>> from dataclasses import replace
>>> from unittest.mock import patch
>>> from cookbook.deploy.stopping.trials import measure, trial
>>> from cookbook.deploy.stopping.ways import HERE, WAYS
>>> from cookbook.evidence.supervisor.conf import unread
>>> with patch.dict(os.environ, PROJECT="."):
...     unread(HERE / "supervisord.conf")
[]

The small size: one trial of each way, with the ORM broker.

>>> ways = {way.name: way for way in WAYS}
>>> figures = measure(
...     ways=[
...         ways["SIGKILL to main"],
...         ways["supervisor, stopasgroup=true"],
...         replace(ways["Tasks time out, memory full"], grace=8),
...         replace(ways["cron, timeout --foreground"], grace=90),
...     ],
...     sizes=[(2, 2)], seconds=0.5, size=40, times=1, brokers=["ORM"],
... )
>>> for row in figures["rows"]:
...     print("{Way}: {Clean stops} clean, {Orphans} orphans".format(**row))
SIGKILL to main: 0 of 1 clean, 5 orphans
supervisor, stopasgroup=true: 0 of 1 clean, 0 orphans
Tasks time out, memory full: 0 of 1 clean, 0 orphans
cron, timeout --foreground: 1 of 1 clean, 0 orphans

The ORM broker has lost nothing; the five orphans went on to begin tasks.

>>> sum(row["Lost, ORM"] for row in figures["rows"])
0
>>> figures["begun_by_orphans"] > 0
True

SIGTERM to the main process of a cluster whose memory is full is a clean stop.

>>> print(figures["stops"])
| workers | queue_limit | Rounds | Formula, seconds | Measured, seconds | Clean |
...
| 2 | 2 | 3 | 1.5 | ... | yes |

SIGTERM to its whole group is not, and Redis loses what was taken.

>>> cut = trial(replace(ways["SIGTERM to the group"], grace=3), "Redis", 40)
>>> cut["clean"], cut["lost"] > 0
(False, True)
"""

import math
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace as replace
from pathlib import Path
from unittest.mock import patch as patch

import psutil

from cookbook.evidence.supervisor.conf import unread as unread
from cookbook.harness.trial import (
    MANAGE,
    Cluster,
    note,
    processes,
    shell,
    wait_until,
    workspace,
)
from cookbook.site import figures

from . import tasks
from .managers import edited
from .settings import DATABASES, INSTALLED_APPS, PRODUCTION_PROCESSES, Q_CLUSTER
from .ways import HERE as HERE
from .ways import WAYS, Way

BROKERS = {
    "ORM": {"orm": "default"},
    "Redis": {"redis": "redis://localhost:6379/0"},
}
SIZES = [(1, 1), (2, 2), (2, 4), (4, 4), (4, 16)]


def trial(way, broker, size):
    """Stop one cluster in one way and return what came of it and of its tasks."""
    settings = {
        "Q_CLUSTER": Q_CLUSTER | BROKERS[broker] | way.settings,
        "DATABASES": DATABASES,
        "INSTALLED_APPS": INSTALLED_APPS,
        "PRODUCTION_PROCESSES": PRODUCTION_PROCESSES,
    }
    with workspace(settings) as environment:
        folder, size = Path(environment["WORKSPACE"]), way.tasks or size
        (folder / "executions").touch()
        here = f"from {tasks.__name__} import enqueue, drain; "
        shell(environment, f"{here}enqueue({size}, {way.seconds})")
        with (folder / "log").open("w") as log:
            process = start(way, environment, folder, log)
            wait(way, folder, size)
            before = count(folder, "ended")
            found = stop(way, process, folder)
        said = "has stopped." in (folder / "log").read_text()
        found["clean"] = said and not count(folder, "began") - count(folder, "ended")
        found["finished after the signal"] = len(count(folder, "ended") - before)
        begun = count(folder, "began")
        found["orphans"] = left(folder)
        found["begun by orphans"] = (count(folder, "began") - begun).total()
        end_all(folder)
        (folder / "quick").touch()
        retry(folder)
        with Cluster(environment):
            shell(environment, f"{here}drain()")
        began, ended = count(folder, "began"), count(folder, "ended")
        found["run twice"] = sum(times > 1 for times in began.values())
        found["lost"] = size - len(ended)
    return found


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


def stop(way, process, folder):
    """Send the signals; kill everything that has not ended after the grace."""
    started, log, said = time.monotonic(), folder / "log", ""
    for number, whom in way.signals:
        wait_until(lambda said=said: said in log.read_text(), 90, log.read_text)
        send(number, whom, process, folder)
        said = "stopping."  # Else equal signals become one.
    with suppress(TimeoutError):
        wait_until(lambda: over(way, process, folder), way.grace, str)
    if way.contained or process.poll() is None:
        send(signal.SIGKILL, "each", process, folder)
    return {
        "exit code": process.wait(60),
        "seconds": round(time.monotonic() - started, 1),
    }


def over(way, process, folder):
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


def wait(way, folder, size):
    """Wait until tasks have begun and one still runs, or until all are done with."""

    def is_time():
        told = ["", *(folder / "executions").read_text().splitlines()]
        begun = count(folder, "began").total()
        ready = begun >= (way.begun or size // 4) and told[-1].startswith("began")
        processed = (folder / "log").read_text().count("INFO Processed ")
        return processed == size if way.idle else ready

    wait_until(is_time, 90, lambda: (folder / "log").read_text())


def count(folder, what):
    """Count how often each task "began" or "ended"."""
    lines = (folder / "executions").read_text().splitlines()
    return Counter(line.split()[1] for line in lines if line.startswith(what))


def left(folder):
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


def retry(folder):
    """Make the ORM broker deliver again at once what it gave to the first cluster."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        database.execute("UPDATE django_q_ormq SET lock = '2000-01-01 00:00:00'")


def row(way, trials):
    """Add up the trials of one way; `trials` has a list of them for each broker."""
    every = [found for broker in trials.values() for found in broker]
    codes = Counter(found["exit code"] for found in every)
    twice = sum(found["run twice"] for found in trials["ORM"])
    return {
        "Way": way.name,
        "Clean stops": f"{sum(found['clean'] for found in every)} of {len(every)}",
        "Exit code": ", ".join(f"{code} ({n})" for code, n in codes.items()),
        "Seconds": max(found["seconds"] for found in every),
        "Finished after": sum(found["finished after the signal"] for found in every),
        "Orphans": max(found["orphans"] for found in every),
        "Run twice, ORM": twice,
    } | {
        f"Lost, {broker}": sum(found["lost"] for found in trials[broker])
        for broker in trials
    }


def how_long(workers, queue_limit, seconds):
    """Measure a clean stop with a full memory, beside what the formula says."""
    held = workers + queue_limit + 1
    way = Way(
        "SIGTERM to main",
        [(signal.SIGTERM, "main")],
        settings={"workers": workers, "queue_limit": queue_limit},
        seconds=seconds,
        tasks=2 * held + workers,
        begun=workers + 1,
        grace=90,
    )
    found = trial(way, "ORM", 0)
    rounds = math.ceil(held / workers)
    return {
        "workers": workers,
        "queue_limit": queue_limit,
        "Rounds": rounds,
        "Formula, seconds": rounds * seconds,
        "Measured, seconds": found["seconds"],
        "Clean": "yes" if found["clean"] else "no",
    }


def measure(ways=WAYS, sizes=SIZES, seconds=1, size=200, times=2,
            brokers=tuple(BROKERS), at_once=6):  # fmt: skip
    """Stop `times` clusters of each broker in each way, `at_once` of them together."""
    for number in signal.SIGHUP, signal.SIGQUIT:
        # A run in the background may ignore them, and so would its children.
        signal.signal(number, signal.SIG_DFL)
    with ThreadPoolExecutor(at_once) as pool:
        stops = [pool.submit(how_long, *each, seconds) for each in sizes]
        waits = [
            {
                b: [pool.submit(trial, way, b, size) for _ in range(way.times or times)]
                for b in brokers
            }
            for way in ways
        ]
        found = [{b: [w.result() for w in of[b]] for b in brokers} for of in waits]
    every = [one for of in found for trials in of.values() for one in trials]
    return {
        "rows": [row(way, of) for way, of in zip(ways, found, strict=True)],
        "tasks": size,
        "times": times,
        "grace": Way.grace,
        "begun_by_orphans": sum(one["begun by orphans"] for one in every),
        "stops": figures.table([stop.result() for stop in stops]),
    }
