"""Start `manage.py worker worker`, and let a task ask its own broker."""

import ast
import importlib
import os
import re
import signal
import sys
from contextlib import suppress

import redis
from django.core.management import execute_from_command_line
from django_q.brokers import get_broker
from django_q.tasks import async_task, result

from cookbook.harness.trial import WORKER, Cluster, wait_until, workspace

PROCESSES = {"worker": {"BACKEND": WORKER}}


def page_settings(name):
    """Return the settings that the page of the brokers has under this name."""
    module = importlib.import_module(f"cookbook.backend.worker_brokers.{name}_settings")
    return {key: value for key, value in vars(module).items() if key.isupper()}


def look():
    """Return, as a task, what its broker calls itself and whether it still has it."""
    broker = get_broker()
    return broker.info(), "yes" if broker.lock_size() else "no"


def send():
    with suppress(redis.RedisError):  # It is being replaced.
        return async_task(look)


def start():
    execute_from_command_line(["manage.py", "worker", "worker"])


def session(*pids):
    """Start the worker, let it do a task, and another one after each kill; stop it."""
    start()
    print("seen:", *result(async_task(look), wait=90_000), sep="|")
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        task = wait_until(send, 90, lambda: "Redis did not come back")
        print("seen:", *result(task, wait=90_000), sep="|")
    signal.raise_signal(signal.SIGTERM)


def work(settings, database="SQLite", kill=()):
    """Return what the tasks of a session returned, under these settings."""
    with workspace({}, database) as project:  # Else it would put its own Redis there.
        changed = settings | {"PRODUCTION_PROCESSES": PROCESSES}
        project["RECIPE_SETTINGS"] = repr(changed)
        cluster = process(project, f"session(*{kill})", __name__).start()
        lines = reports(cluster)
        return lines if len(lines) == 1 + len(kill) else cluster.log


def process(project, call, module):
    """Return a process, not yet started, that calls a function of a module."""
    code = f"import django; django.setup(); from {module} import *; {call}"
    return Cluster(project, [sys.executable, "-c", code])


def reports(cluster):
    """Wait until a process has ended by itself; return what its tasks have seen."""
    wait_until(
        lambda: cluster.process.poll() is not None,
        400,
        lambda: f"it did not end.{cluster.advice}",
    )
    return re.findall(r"^seen:\|(.+)\|(.+)$", cluster.log, re.M)


def at_port(settings, port):
    """Return settings with the port of a server that runs now."""
    return ast.literal_eval(re.sub(r"\b2?6379\b", str(port), repr(settings)))
