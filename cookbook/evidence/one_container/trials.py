"""One container: a process tree of its own, as Linux gives it to every container.

The first process of such a tree gets no signal that it does not handle, and when it
ends, the kernel kills all others.
"""

import ast
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from django.core.management import call_command

from cookbook.catalogue import CLUSTER, find, merge
from cookbook.evidence.stopping.tasks import count, enqueue
from cookbook.harness import trial

UNSHARE = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child",
           "--mount-proc"]  # fmt: skip
SETTINGS = merge({"Q_CLUSTER": CLUSTER}, find("deploy/one-container").settings())
SETTINGS |= {
    "INSTALLED_APPS": ["cookbook.recipes.qhealth"],
    "WSGI_APPLICATION": "config.wsgi.application",
}
PROBES = {
    "pgrep -f qcluster": ["pgrep", "-f", "qcluster"],
    "pgrep -f qcluster || exit 1": ["sh", "-c", "pgrep -f qcluster || exit 1"],
    "qhealth live": ["python", "manage.py", "qhealth", "live"],
}


@contextmanager
def project():
    """Give the environment of a new project, with more tasks than a trial runs."""
    with trial.workspace(SETTINGS) as environment:
        folder = environment["WORKSPACE"]
        call_command("startproject", "config", folder)
        Path(folder, "journal").touch()
        trial.call(trial.Cluster(environment), enqueue, 40, 2)
        yield environment | {
            "GUNICORN_CMD_ARGS": "--bind unix:web.sock",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }


@contextmanager
def container(way, unshare):
    """Start a way in a process tree of its own; give it when it is at work."""
    with project() as environment:
        folder = Path(environment["WORKSPACE"])
        trial.note("cluster")
        with (folder / "log").open("w") as log:
            # A container writes to a pipe; two programs that open a file overwrite it.
            pipe = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)
        with pipe.stdin as output:
            outside = subprocess.Popen(
                [*unshare, *way.command], cwd=folder, env=environment,
                stdout=output, stderr=output,
            )  # fmt: skip

        def is_at_work():
            text = (folder / "log").read_text()
            begun = len(count(folder, "began")) >= SETTINGS["Q_CLUSTER"]["workers"]
            served = "Listening at" in text or not way.web
            return begun and served and "running." in text

        try:
            trial.wait_until(is_at_work, 90, (folder / "log").read_text)
            yield folder, outside, psutil.Process(outside.pid).children()[0]
        finally:
            end(outside, folder)
            pipe.wait(30)


def end(outside, folder):
    """Kill a container; the kernel then kills everything in it."""
    outside.kill()
    outside.wait(30)
    trial.wait_until(lambda: not trial.processes(folder), 30, str)


def stop(way, grace, unshare):
    """Send SIGTERM to the first process, and SIGKILL after the grace period."""
    with container(way, unshare) as (folder, outside, first):
        start = time.monotonic()
        first.terminate()
        with suppress(subprocess.TimeoutExpired):
            outside.wait(grace)
        seconds = f"{time.monotonic() - start:.1f}"
        code = outside.poll()
        end(outside, folder)
        log = (folder / "log").read_text()
        cut = count(folder, "began").total() - count(folder, "ended").total()
    web = yes("Handling signal: term" in log)
    return {
        "Cluster gets SIGTERM": yes(re.search(r"Q Cluster \S+ stopping", log)),
        "Web server gets it": web if way.web else "none",
        "Seconds": f"killed after {grace}" if code is None else seconds,
        "Exit code": "137" if code is None else str(code),
        "Tasks cut off": cut,
    }


def end_cluster(way, grace, unshare):
    """Kill every process of the cluster, as the kernel does when memory is short."""
    with container(way, unshare) as (folder, outside, first):
        every = [first, *first.children(recursive=True)]
        for process in [one for one in every if "qcluster" in one.cmdline()]:
            with suppress(psutil.NoSuchProcess):  # It may have ended with the others.
                process.kill()

        def state():
            again = (folder / "log").read_text().count("running.") > 1
            return "starts it again" if again else outside.poll() is not None and "ends"

        try:
            return {"When the cluster dies": trial.wait_until(state, grace, str)}
        except TimeoutError:
            return {"When the cluster dies": "runs on without it"}


def yes(fact):
    return "yes" if fact else "no"


def frozen(unshare):
    """Return the exit codes of each health check in a container of a cluster."""
    code = (
        f"import django; django.setup(); from {__name__} import probe; print(probe())"
    )
    with project() as environment:
        environment["COOKBOOK_EXEC"] = "1"  # A fork server would be outside.
        outcome = subprocess.run(
            [*unshare, sys.executable, "-c", code], cwd=environment["WORKSPACE"],
            env=environment, stdout=-1, text=True, timeout=300,
        )  # fmt: skip
    return ast.literal_eval(outcome.stdout.splitlines()[-1])


def probe():
    """Run the health checks while a cluster works, is frozen, and is gone."""
    codes = {}
    with trial.Cluster(dict(os.environ)) as cluster:
        codes["works"] = run_probes()
        sentinel = psutil.Process(cluster.process.pid).children()[0]
        sentinel.suspend()
        trial.wait_until(lambda: run_probes()["qhealth live"] == 3, 90, str)
        codes["is frozen"] = run_probes()
        sentinel.resume()
    codes["is gone"] = run_probes()
    return codes


def run_probes():
    return {
        name: subprocess.run(words, stdout=-3, stderr=-3).returncode
        for name, words in PROBES.items()
    }
