"""What managers that do not run here would start and send, read from their files.

>>> from cookbook.deploy.stopping.managers import systemd
>>> command, *rest = systemd().values()
>>> print(*command)
env Q_CLUSTER_NAME=shop /srv/shop/venv/bin/python manage.py qcluster
>>> rest
[[(<Signals.SIGTERM: 15>, 'main')], 100.0, True, False]

A line that is not there cannot be changed:

>>> systemd({"KilMode=mixed": ""})
Traceback (most recent call last):
    ...
ValueError: no such line: KilMode=mixed
"""

import shlex
from pathlib import Path
from signal import SIGTERM, Signals
from types import MappingProxyType

import yaml
from honcho.environ import parse_procfile

from cookbook.evidence.docker import containers
from cookbook.evidence.kubernetes import pods
from cookbook.evidence.systemd import units

AS_IT_IS = MappingProxyType({})
BACKEND = Path(__file__).parents[1]
# What `init: true` puts before a command passes SIGTERM on to its one child.
INIT = ["sh", "-c", "trap 'kill -TERM $!' TERM; \"$@\" & wait $!; wait $!", "init"]


def edited(text, edits):
    for old, new in edits.items():
        if old not in text:
            raise ValueError(f"no such line: {old}")
        text = text.replace(old, new)
    return text


def systemd(edits=AS_IT_IS):
    """The service `worker@shop`; without KillMode it would be control-group."""
    text = edited(units.UNITS["worker@.service"], edits).replace("%i", "shop")
    service = {name: value for _, name, value in units.directives(text)}
    mixed = service.get("KillMode") == "mixed"
    number = Signals[service.get("KillSignal", "SIGTERM")]
    return {
        "command": ["env", service["Environment"], *shlex.split(service["ExecStart"])],
        "signals": [(number, "main" if mixed else "each")],
        "grace": float(service.get("TimeoutStopSec", 90)),
        "contained": True,
        "whole": not mixed,
    }


def compose(edits=AS_IT_IS):
    """The service `worker`; the image has what it leaves out."""
    service = yaml.safe_load(edited(containers.COMPOSE, edits))["services"]["worker"]
    number = service.get("stop_signal") or containers.instruction("STOPSIGNAL")
    return {
        "command": (INIT if service.get("init") else []) + containers.command("worker"),
        "signals": [(Signals[number], "main")],
        "grace": float(service.get("stop_grace_period", "10s").removesuffix("s")),
        "contained": True,
    }


def kubernetes():
    """The pod; the signal is that of the image."""
    return {
        "command": pods.WORKER["command"],
        "signals": [(Signals[containers.instruction("STOPSIGNAL")], "main")],
        "grace": pods.POD.get("terminationGracePeriodSeconds", 30),
        "contained": True,
    }


def dyno(procfile):
    """The line `worker`; signal and seconds are those of Heroku's documentation."""
    lines = parse_procfile((BACKEND / "procfile" / procfile).read_text()).processes
    return {
        "command": ["sh", "-c", lines["worker"]],
        "signals": [(SIGTERM, "each")],
        "grace": 30,
        "contained": True,
        "whole": True,
    }


def crontab(line, whom, edits=AS_IT_IS):
    """A line as cron starts it. cron sends no signal; `timeout` or a person does."""
    lines = (BACKEND / "without_daemons/crontab").read_text().splitlines()
    command = lines[line].split(maxsplit=5)[5].partition(" >>")[0]
    return {
        "command": ["sh", "-c", edited(command, edits)],
        "signals": [(SIGTERM, whom)],
    }
