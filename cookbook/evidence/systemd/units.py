"""Judge the units, start what they start, and let systemd restart them.

Every directive is one that systemd has, and systemd-analyze has nothing to say:

>>> from cookbook.evidence.systemd.units import (
...     RECORDED, UNITS, behaviour, measure, strange, verify,
... )
>>> strange(UNITS)
[]
>>> verify(UNITS)
''

A misspelt directive is found:

>>> strange({"web.service": UNITS["web.service"].replace("KillMode", "KilMode")})
['web.service: [Service] has no KilMode']

The services start, are stopped while tasks run, and start again for the rest:

>>> figures = measure(tasks=8, seconds=0.5)
>>> for row in figures["rows"]:
...     print(*row.values())
web.service 0 0 0 0
worker@shop.service 0 8 0 0
worker@priority.service 0 8 0 0
qhealth.service 0 0 0 0
nightly.service 0 0 0 0
>>> figures["left"]
0

systemd itself did what it did when the figures were written, where it can run:

>>> figures["manager"] in (behaviour({}), RECORDED["manager"])
True
"""

import json
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

from django.core.management import call_command
from django_q.tasks import async_task

from cookbook.catalogue import CLUSTER, COOKBOOK, find, merge
from cookbook.harness import trial

from .manager import rehearse
from .tasks import pack

FOLDER = COOKBOOK / "deploy/systemd"
RECORDED = json.loads((COOKBOOK / "evidence/systemd.json").read_text())
UNITS = {
    file.name: file.read_text()
    for file in sorted(FOLDER.iterdir())
    if file.suffix in {".service", ".target", ".timer"}
}
PROGRAMS, BIN = "/srv/shop/venv/bin", str(Path(sys.executable).parent)
WORKERS = ["worker@shop.service", "worker@priority.service"]


def directives(text):
    """Return the lines of a unit as (section, name, value)."""
    lines, section = [], None
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line:
            lines.append((section, *line.split("=", 1)))
    return lines


def strange(units):
    """Return the directives that the systemd of the last measurement does not have."""
    names = RECORDED["known"]
    return [
        f"{unit}: [{section}] has no {name}"
        for unit, text in units.items()
        for section, name, _ in directives(text)
        if name not in names.get(section, ())
    ]


def ask(program, *arguments):
    """Return what a program of systemd prints; nothing on a machine without it."""
    command = [shutil.which(program) or "true", *arguments]
    process = subprocess.run(command, stdout=-1, stderr=subprocess.STDOUT, text=True)
    return process.stdout.strip()


def verify(units):
    """Return what systemd-analyze says of the units, with programs that are there."""
    with tempfile.TemporaryDirectory() as folder:
        for instance in "shop", "priority":
            for name, text in units.items():
                file = Path(folder, name.replace("@", f"@{instance}"))
                file.write_text(text.replace(PROGRAMS, BIN))
        return ask("systemd-analyze", "verify", *sorted(Path(folder).iterdir()))


def start(unit, environment):
    """Start what a unit starts, in the folder of the project."""
    template, _, instance = unit.removesuffix(".service").partition("@")
    text = UNITS[f"{template}@.service" if instance else unit].replace("%i", instance)
    folder = environment["WORKSPACE"]
    text = text.replace(PROGRAMS, BIN).replace("/run/shop", folder)
    lines = [(name, value) for _, name, value in directives(text)]
    variables = dict(value.split("=") for name, value in lines if name == "Environment")
    service = dict(lines)
    with Path(folder, f"{unit}.log").open("a") as log:
        process = subprocess.Popen(
            shlex.split(service["ExecStart"]),
            cwd=folder,
            env=environment | variables,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return process, service


def stop(process, service):
    """Send what KillMode=mixed sends first, and return the exit code.

    A service of `Type=oneshot` ends by itself.
    """
    if service.get("KillMode") == "mixed":
        process.send_signal(signal.SIGTERM)
    return process.wait(int(service.get("TimeoutStopSec", 90)))


def enqueue(tasks, seconds):
    for cluster in ("shop", "priority"):
        for number in range(tasks):
            async_task(pack, number, seconds, cluster=cluster)


def packed(environment, what, unit):
    """Count how often each task "began" or "ended" in the cluster of a unit."""
    file = Path(environment["WORKSPACE"], "packed")
    lines = file.read_text().splitlines() if file.exists() else []
    cluster = unit.removesuffix(".service").partition("@")[2]
    return Counter(line for line in lines if line.startswith(f"{what} {cluster} "))


def answers(environment):
    """Say whether the web server answers on its socket."""
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.connect(f"{environment['WORKSPACE']}/web.sock")
        client.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return client.recv(5) == b"HTTP/"


def run(environment, units, until, then=()):
    """Start units, wait until something is so, start others, stop all of them.

    Returns their exit codes.
    """
    with ExitStack() as stack:
        started = {unit: start(unit, environment) for unit in units}
        for process, _ in started.values():
            stack.callback(process.kill)
        trial.wait_until(until, 300, lambda: f"{units} do not do their work")
        later = {unit: start(unit, environment) for unit in then}
        return {unit: stop(*both) for unit, both in (later | started).items()}


def behaviour(states):
    return trial.table(states, ("With systemd itself", "What it does"))


def measure(tasks=200, seconds=0.2):
    """Stop every service while tasks run, start it again, and count; ask systemd."""
    settings = merge({"Q_CLUSTER": CLUSTER}, find("deploy/systemd").settings())
    settings["WSGI_APPLICATION"] = "config.wsgi.application"  # As in a new project.
    settings["INSTALLED_APPS"] = ["cookbook.recipes.qhealth"]
    with trial.workspace(settings) as environment:
        call_command("startproject", "config", environment["WORKSPACE"])
        trial.call(environment, enqueue, tasks, seconds)

        def at_work():
            return all(packed(environment, "began", unit) for unit in WORKERS)

        def at_rest():
            logs = [Path(environment["WORKSPACE"], f"{unit}.log") for unit in WORKERS]
            again = [log.read_text().count("running.") == 2 for log in logs]
            ended = [packed(environment, "ended", unit) for unit in WORKERS]
            return all(again) and [len(each) for each in ended] == [tasks, tasks]

        codes = run(environment, ["web.service"], lambda: answers(environment))
        codes |= run(environment, WORKERS, at_work)
        oneshots = ["qhealth.service", "nightly.service"]
        codes |= run(environment, WORKERS, at_rest, then=oneshots)
        rows = []
        for unit, code in codes.items():
            began, ended = (packed(environment, w, unit) for w in ("began", "ended"))
            row = {"unit": unit, "exit code": code, "ran": len(ended)}
            row["ran twice"] = began.total() - len(began)
            row["cut off"] = began.total() - ended.total()
            rows.append(row)
        leftovers = [
            process.name() for process in trial.processes(environment["WORKSPACE"])
        ]
    items = directives(ask("/lib/systemd/systemd", "--dump-configuration-items"))
    names = {
        section: [name for where, name, _ in items if where == section]
        for section in ("Unit", "Service", "Timer", "Install")
    }
    version = ask("systemd-analyze", "--version").partition(" (")[0]
    return {
        "rows": rows,
        "tasks": tasks,
        "seconds": seconds,
        "left": len(leftovers),
        "known": names,
        "version": version,
        "manager": behaviour(rehearse()),
    }
