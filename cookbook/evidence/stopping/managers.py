"""What managers that do not run here would start and send, read from their files.

The unit file, the compose file, the manifest, the Procfiles and the crontab are those
that this site offers.

>>> from cookbook.evidence.stopping.managers import systemd
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

import json
import shlex
from configparser import RawConfigParser
from pathlib import Path
from signal import SIGTERM, Signals
from types import MappingProxyType

import yaml
from dockerfile_parse import DockerfileParser
from honcho.environ import parse_procfile

AS_IT_IS = MappingProxyType({})
DEPLOY = Path(__file__).parents[2] / "deploy"
PROCFILES = Path(__file__).parent.with_name("procfile")
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
    text = (DEPLOY / "systemd/worker@.service").read_text()
    unit = RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string(edited(text, edits).replace("%i", "shop"))
    service = unit["Service"]
    mixed = service.get("KillMode") == "mixed"
    number = Signals[service.get("KillSignal", "SIGTERM")]
    return {
        "command": ["env", service["Environment"], *shlex.split(service["ExecStart"])],
        "signals": [(number, "main" if mixed else "each")],
        "grace": float(service.get("TimeoutStopSec", 90)),
        "contained": True,
        "whole": not mixed,
    }


def image(instruction):
    """Return what an instruction of the Dockerfile says."""
    lines = DockerfileParser(str(DEPLOY / "docker/Dockerfile")).structure
    return next(line["value"] for line in lines if line["instruction"] == instruction)


def compose(edits=AS_IT_IS):
    """The service `worker`; the image has what it leaves out."""
    text = (DEPLOY / "docker/compose.yaml").read_text()
    service = yaml.safe_load(edited(text, edits))["services"]["worker"]
    command = service.get("command") or json.loads(image("CMD"))
    number = service.get("stop_signal") or image("STOPSIGNAL")
    return {
        "command": (INIT if service.get("init") else []) + command,
        "signals": [(Signals[number], "main")],
        "grace": float(service.get("stop_grace_period", "10s").removesuffix("s")),
        "contained": True,
    }


def kubernetes():
    """The pod; the signal is that of the image."""
    text = (DEPLOY / "kubernetes/worker.yaml").read_text()
    pod = yaml.safe_load(text)["spec"]["template"]["spec"]
    return {
        "command": pod["containers"][0]["command"],
        "signals": [(Signals[image("STOPSIGNAL")], "main")],
        "grace": pod.get("terminationGracePeriodSeconds", 30),
        "contained": True,
    }


def dyno(procfile):
    """The line `worker`; signal and seconds are those of Heroku's documentation."""
    lines = parse_procfile(procfile.read_text()).processes
    return {
        "command": ["sh", "-c", lines["worker"]],
        "signals": [(SIGTERM, "each")],
        "grace": 30,
        "contained": True,
        "whole": True,
    }


def crontab(line, whom, edits=AS_IT_IS):
    """A line as cron starts it. cron sends no signal; `timeout` or a person does."""
    lines = (DEPLOY / "without_daemons/crontab").read_text().splitlines()
    command = lines[line].split(maxsplit=5)[5].partition(" >>")[0]
    return {
        "command": ["sh", "-c", edited(command, edits)],
        "signals": [(SIGTERM, whom)],
    }
