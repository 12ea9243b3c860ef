"""What an experiment imports: projects, clusters, and what their tasks leave behind.

An experiment calls ordinary functions in real projects. `observe` calls one beside a
running cluster, `without_cluster` in a project where none runs. Each project is new:
it has a database, a cache and a folder of its own, and dies with the experiment.

>>> from cookbook.harness.trial import observe
>>> observe(abs, -7)
7

A function that fails says so, with the log of its cluster:

>>> observe(abs, "no number")
Traceback (most recent call last):
    ...
RuntimeError: abs('no number',) failed:...
"""

import ast
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from django.core.management import call_command

from cookbook.harness.clusters import Cluster, Process, shell
from cookbook.harness.projects import WORKER, Project
from cookbook.harness.servers import (
    DATABASES,
    MANAGE,
    REDIS_SERVER,
    members,
    mongodb,
    note,
    processes,
    redis_server,
    redis_with_password,
    sqs_server,
    wait_until,
    workspace,
)

__all__ = [
    "DATABASES", "MANAGE", "Q_CLUSTER", "REDIS_SERVER", "WORKER", "Cluster", "Process",
    "Project", "beside", "call", "client", "cluster", "complaint", "first_look",
    "journal", "logged", "main", "members", "mongodb", "note", "observe", "own_log",
    "processes", "redis_server", "redis_with_password", "refusal", "shell",
    "sqs_server", "stop", "table", "wait_until", "without_cluster", "workspace",
    "write", "written",
]  # fmt: skip

# What every experiment starts from; it names the keys that it changes.
Q_CLUSTER = {"name": "shop", "orm": "default", "workers": 1, "timeout": 1, "retry": 60}


def observe(function, *arguments, on="SQLite", settings=None, **changes):
    """Call a function beside a cluster, in a new project; return what it returns.

    `settings` are Django's, `changes` are keys of Q_CLUSTER.
    """
    # A kept connection spares every look at the queue a new one.
    connection = {"DATABASES": {"default": {"CONN_MAX_AGE": 600}}}
    changed = {"Q_CLUSTER": Q_CLUSTER | changes} | connection | (settings or {})
    with workspace(changed, on) as project:
        # One process starts the cluster and calls the function: half the work.
        note("cluster")
        try:
            return call(project, beside, function, *arguments, log=True)
        except subprocess.CalledProcessError as error:
            what = f"{function.__name__}{arguments} failed:\n{own_log(project)}"
            raise RuntimeError(what) from error


def beside(function, *arguments):
    """Start a cluster, call a function, kill the cluster, return what it returned."""
    try:
        call_command("qcluster")
        return function(*arguments)
    finally:
        while others := [p for p in members(os.getpid()) if p.pid != os.getpid()]:
            for process in others:
                process.kill()
            psutil.wait_procs(others)


def stop():
    """Stop the cluster of this process cleanly: it finishes what it has taken."""
    signal.raise_signal(signal.SIGTERM)


def journal():
    """Return the file in which the tasks of this project write what they do."""
    return Path(os.environ["WORKSPACE"]) / "journal"


def write(line):
    """Add a line to the journal of this project."""
    with journal().open("a") as file:
        file.write(f"{line}\n")


def written():
    """Return the lines of the journal."""
    return journal().read_text().splitlines() if journal().exists() else []


@contextmanager
def cluster(on, **changes):
    """Give a running cluster in a new project, with these keys of Q_CLUSTER changed."""
    changed = {"Q_CLUSTER": Q_CLUSTER | changes}
    with workspace(changed, on) as project, Cluster(project) as running:
        yield running


def source(function, *arguments):
    """Return Python that calls a function; its arguments are functions or literals."""
    used = [function, *filter(callable, arguments)]
    imports = [f"from {each.__module__} import {each.__name__}" for each in used]
    values = ", ".join(a.__name__ if callable(a) else repr(a) for a in arguments)
    return "; ".join([*imports, f"print(repr({function.__name__}({values})))"])


def call(project, function, *arguments, log=False):
    """Call a function in a new process of a project or cluster; return the result."""
    project = getattr(project, "environment", project)
    printed = shell(project, source(function, *arguments), log)
    return ast.literal_eval(printed.splitlines()[-1])


def main(function, *arguments):
    """Return the command whose main process calls a function."""
    code = f"import django; django.setup(); {source(function, *arguments)}"
    return [sys.executable, "-c", code]


def logged(project, function, *arguments):
    """Call a function in a project, or try to; return what its processes log."""
    note("cluster")
    with suppress(subprocess.CalledProcessError):  # Then the log says why.
        shell(project, source(function, *arguments), log=True)
    return own_log(project)


def own_log(project=os.environ):
    """Return what a process that `logged` has started has logged until now."""
    return Path(project["WORKSPACE"], "log").read_text()


def complaint(**changes):
    """Return the first error that a cluster logs when it starts and a task waits."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}) as project:
        return first_error(logged(project, complain))[1]


def complain():
    """Send a task, then start a cluster and wait for its first error."""
    from django_q.tasks import async_task  # A reporter imports this before the apps.

    async_task("builtins.print")
    beside(wait_until, lambda: first_error(own_log()), 30, own_log)


def first_error(log):
    return re.search(r"^(?:\w+\.)*(\w+(?:Error|NotReady): .+)\n", log, re.M)


def without_cluster(function, *arguments, on="SQLite", **changes):
    """Call a function in a new project in which no cluster runs."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}, on) as project:
        return call(project, function, *arguments)


def refusal(project):
    """Start a cluster that does not come to run and return the last line of its log."""
    return logged(project, beside, print).splitlines()[-1]


def client(running, **changes):
    """Return a process beside a cluster that reads another Q_CLUSTER than it."""
    settings = ast.literal_eval(running.environment["RECIPE_SETTINGS"])
    settings["Q_CLUSTER"] |= changes
    return Cluster(running.environment | {"RECIPE_SETTINGS": repr(settings)})


def first_look(prepare, **changes):
    """Prepare schedules, run a cluster for one look at them, and return its log.

    With a guard_cycle of 30 the sentinel looks in its first round.
    """
    with workspace({"Q_CLUSTER": Q_CLUSTER | {"guard_cycle": 30} | changes}) as project:
        return logged(project, look, prepare)


def look(prepare):
    prepare()
    beside(stop)  # To stop it ends the first round before.


def table(rows, heads=("Value", "What happens")):
    """Return `{first column: second column}` as a Markdown table for `{edges}`."""
    lines = [heads, ("---", "---"), *rows.items()]
    return "\n".join(f"| {first} | {second} |" for first, second in lines)
