"""The keys of Q_CLUSTER: what Django-Q2 reads, who reads it, what it takes otherwise.

The value is read when Django-Q2 is imported, not later, and a wrong key is no error:

>>> with override_settings(Q_CLUSTER={"retry": 5}):
...     Conf.RETRY == 5
False
>>> observe(abs, -7, retri=5)
7

No key that Django-Q2 reads is without its entry:

>>> missing()
[]

No page covers a key that Django-Q2 does not read:

>>> strange()
[]

The table on the page is the one that the code gives now:

>>> table = Path(__file__).parent.with_suffix(".json")
>>> json.loads(table.read_text())["rows"] == measure()["rows"]
True

An example that fails says so, with the log of its cluster:

>>> observe(abs, "no number")
Traceback (most recent call last):
    ...
RuntimeError: abs('no number',) failed:...
"""

import ast
import json  # noqa: F401  The session above uses it.
import os
import re
import signal
import subprocess
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import django_q
import psutil
from django.core.management import call_command
from django.test import override_settings  # noqa: F401  The session above uses it.
from django_q.conf import Conf  # noqa: F401  The session above uses it.

from cookbook.harness import upstream
from cookbook.harness.clusters import Cluster, members, shell
from cookbook.harness.servers import note, wait_until, workspace

from .settings import Q_CLUSTER

DJANGO_Q = Path(django_q.__file__).parent
REFERENCE = Path(__file__).parents[1]
HELPERS = {"__init__", "settings", "projects", "reporter", "servers"}


def shown():
    """Return the modules of q_cluster*/, by the key that each one shows."""
    modules = REFERENCE.glob("q_cluster*/*.py")
    return {module.stem: module for module in modules if module.stem not in HELPERS}


def missing():
    """Return the keys that Django-Q2 reads and that have no module in q_cluster*/."""
    keys = (key for key in upstream.settings() if key.lower() not in shown())
    return sorted(keys, key=str.lower)


def strange():
    """Return the modules in q_cluster*/ whose key Django-Q2 does not read."""
    return sorted(shown().keys() - {key.lower() for key in upstream.settings()})


@cache
def expressions():
    """Return every expression in Django-Q2, as code: `{module: {expression}}`."""
    return {
        module.relative_to(DJANGO_Q).as_posix(): {
            ast.unparse(node)
            for node in ast.walk(ast.parse(module.read_text()))
            if isinstance(node, ast.Attribute)
        }
        for module in sorted(DJANGO_Q.rglob("*.py"))
        if "tests" not in module.relative_to(DJANGO_Q).parts
    }


def readers(key):
    """Return the modules of Django-Q2 that use the value of a key."""
    use = f"Conf.{upstream.settings()[key].attribute}"
    return [module for module, used in expressions().items() if use in used]


def row(key):
    """Return what the page's table says of a key."""
    setting, module = upstream.settings()[key], shown().get(key.lower())
    page = module and module.parent.name.replace("_", "-")
    return {
        "key": f"`{key}`",
        "default": f"`{setting.default}`",
        "read by": ", ".join(f"`{module}`" for module in readers(key) or ["conf.py"]),
        "page": f"[{page}]({page}.md#{key.lower()})" if page else "",
    }


def measure():
    return {"rows": [row(key) for key in sorted(upstream.settings(), key=str.lower)]}


def observe(function, *arguments, on="SQLite", settings=None, **changes):
    """Call a function beside a cluster, in a new project; return what it returns.

    `settings` are Django's, `changes` are keys of Q_CLUSTER.
    """
    # A kept connection spares every look at the queue a new one.
    kept = {"DATABASES": {"default": {"CONN_MAX_AGE": 600}}}
    changed = {"Q_CLUSTER": Q_CLUSTER | changes} | kept | (settings or {})
    name, module = function.__name__, function.__module__
    code = (
        f"from {__name__} import beside; from {module} import {name}; "
        f"print(repr(beside({name}, *{arguments})))"
    )
    with workspace(changed, on) as project:
        # One process starts the cluster and calls the function: half the work.
        note("cluster")
        log = Path(project["WORKSPACE"]) / "log"
        try:
            return ast.literal_eval(shell(project, code, log).splitlines()[-1])
        except subprocess.CalledProcessError as error:
            what = f"{name}{arguments} failed:"
            raise RuntimeError(f"{what}\n{log.read_text()}") from error


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


def ledger():
    """Return the file in which the tasks of this project write what they do."""
    return Path(os.environ["WORKSPACE"]) / "ledger"


def written():
    """Return the lines of the ledger."""
    return ledger().read_text().splitlines() if ledger().exists() else []


def write(line):
    with ledger().open("a") as file:
        file.write(f"{line}\n")


@contextmanager
def cluster(on, **changes):
    """Give a running cluster in a new project, with these keys of Q_CLUSTER changed."""
    changed = {"Q_CLUSTER": Q_CLUSTER | changes}
    with workspace(changed, on) as project, Cluster(project) as running:
        yield running


def call(running, function, *arguments):
    """Call a function in the project of a cluster and return what it returns."""
    name, module = function.__name__, function.__module__
    code = f"from {module} import {name}; print(repr({name}(*{arguments})))"
    return ast.literal_eval(shell(running.environment, code))


def logged(project, code):
    """Run code in a project, or try to; return what its processes log."""
    note("cluster")
    log = Path(project["WORKSPACE"]) / "log"
    with suppress(subprocess.CalledProcessError):  # Then the log says why.
        shell(project, f"from {__name__} import *; {code}", log)
    return log.read_text()


def own_log():
    """Return what a process that `logged` has started has logged until now."""
    return (Path(os.environ["WORKSPACE"]) / "log").read_text()


def complaint(**changes):
    """Return the first error that a cluster logs when it starts and a task waits."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}) as project:
        return first_error(logged(project, "complain()"))[1]


def complain():
    """Send a task, then start a cluster and wait for its first error."""
    from django_q.tasks import async_task  # A reporter imports this before the apps.

    async_task("builtins.print")
    beside(wait_until, lambda: first_error(own_log()), 30, own_log)


def first_error(log):
    return re.search(r"^(?:\w+\.)*(\w+(?:Error|NotReady): .+)\n", log, re.M)
