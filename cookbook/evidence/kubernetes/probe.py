"""Run what the manifests say, in the order of a deployment, and freeze the sentinel.

>>> from cookbook.evidence.kubernetes.probe import deploy
>>> for line in deploy():
...     print(line)
before the Job: init container 1
Job 0, init container 0
no cluster: startup probe 3, liveness probe 1
cluster runs: startup probe 0, liveness probe 0
its database is away: startup probe 0, liveness probe 0
its sentinel is frozen: liveness probe 1
SIGTERM: exit code 0
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from cookbook.catalogue import CLUSTER, COOKBOOK, find, merge
from cookbook.harness import trial

from .pods import POD, WORKER, pod

SETTINGS = find("deploy/kubernetes").settings() | {
    "INSTALLED_APPS": ["cookbook.recipes.qhealth"]
}
SETTINGS = merge({"Q_CLUSTER": CLUSTER}, SETTINGS)
PROBES = {
    name: WORKER[f"{name}Probe"]["exec"]["command"] for name in ["startup", "liveness"]
}
AWAY = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}


def deploy():
    with trial.workspace(SETTINGS) as environment:
        environment |= {
            "DATABASE_URL": f"sqlite:///{environment['WORKSPACE']}/new.sqlite3",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        wait = POD["initContainers"][0]["command"]
        job = pod("migrate.yaml")["containers"][0]["command"]
        yield f"before the Job: init container {run(wait, environment)}"
        yield f"Job {run(job, environment)}, init container {run(wait, environment)}"
        yield f"no cluster: {codes(environment)}"
        trial.note("cluster")
        worker = start(WORKER["command"], environment, "cluster")
        until(0, PROBES["startup"], environment)
        yield f"cluster runs: {codes(environment)}"
        yield f"its database is away: {codes(environment | AWAY)}"
        sentinel = psutil.Process(worker.pid).children()[0]
        sentinel.suspend()
        code = until(1, PROBES["liveness"], environment)
        yield f"its sentinel is frozen: liveness probe {code}"
        sentinel.resume()
        worker.send_signal(signal.SIGTERM)
        yield f"SIGTERM: exit code {worker.wait(POD['terminationGracePeriodSeconds'])}"


def start(command, environment, name):
    with Path(environment["WORKSPACE"], name).open("w") as log:
        return subprocess.Popen(
            command, cwd=COOKBOOK, env=environment, stdout=log, stderr=log
        )


def run(command, environment):
    return start(command, environment, "log").wait(120)


def codes(environment):
    """Run each probe once and say how it ended."""
    ended = [f"{name} probe {run(PROBES[name], environment)}" for name in PROBES]
    return ", ".join(ended)


def until(code, probe, environment):
    """Run a probe again and again, as the kubelet would, until it ends with a code."""
    trial.wait_until(
        lambda: run(probe, environment) == code,
        90,
        Path(environment["WORKSPACE"], "log").read_text,
    )
    return code
