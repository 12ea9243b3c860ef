"""Start `manage.py worker worker`, and let a task ask its own broker."""

import ast
import os
import re
import signal
import sys
from contextlib import suppress

import redis
from django.core.management import execute_from_command_line
from django_q.brokers import get_broker
from django_q.tasks import async_task, result

from cookbook.harness.trial import Cluster, wait_until, workspace

PROCESSES = {
    "worker": {"BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker"}
}


def look():
    """Return, as a task, what its broker calls itself and whether it still has it."""
    broker = get_broker()
    return broker.info(), "yes" if broker.lock_size() else "no"


def send():
    with suppress(redis.RedisError):  # It is being replaced.
        return async_task(look)


def start():
    execute_from_command_line(["manage.py", "worker", "worker"])


def session(*killed):
    """Start the worker, let it do a task, and another one after each kill; stop it."""
    start()
    print("seen:", *result(async_task(look), wait=90_000), sep="|")
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
        task = wait_until(send, 90, lambda: "Redis did not come back")
        print("seen:", *result(task, wait=90_000), sep="|")
    signal.raise_signal(signal.SIGTERM)


def work(settings, database="SQLite", killed=()):
    """Return what the tasks of a session returned, under these settings."""
    shown = repr(settings | {"PRODUCTION_PROCESSES": PROCESSES})
    with workspace({}, database) as project:  # Else it would put its own Redis there.
        project["RECIPE_SETTINGS"] = shown
        cluster = process(project, f"session(*{killed})", __name__).start()
        seen = said(cluster)
        return seen if len(seen) == 1 + len(killed) else cluster.log


def process(project, call, module):
    """Return a process, not yet started, that calls a function of a module."""
    code = f"import django; django.setup(); from {module} import *; {call}"
    return Cluster(project, [sys.executable, "-c", code])


def said(cluster):
    """Wait until a process has ended by itself; return what its tasks have seen."""
    wait_until(
        lambda: cluster.process.poll() is not None,
        400,
        lambda: f"it did not end.{cluster.advice}",
    )
    return re.findall(r"^seen:\|(.+)\|(.+)$", cluster.log, re.M)


def moved(settings, port):
    """Return settings with the port of a server that runs now."""
    return ast.literal_eval(re.sub(r"\b2?6379\b", str(port), repr(settings)))
