"""Run the same worker on each broker, and ask from inside a task what it keeps.

Needs: django-prodserver, redis, django-redis, boto3.

>>> work(ORM, "SQLite")
[('ORM default', 'yes')]
>>> work(ORM, "PostgreSQL")
[('ORM default', 'yes')]
>>> with sqs_server() as aws:
...     work(SQS, environment=aws)
[('AWS SQS', 'yes')]
"""

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

from cookbook.harness.clusters import Cluster
from cookbook.harness.servers import wait_until, workspace
from cookbook.reference.q_cluster_brokers.servers import (
    sqs_server,  # noqa: F401  The session above uses what has this mark.
)

from .configurations import ORM, SQS  # noqa: F401

PROCESSES = {"worker": {"BACKEND": "cookbook.backend.named_worker.workers.NamedWorker"}}


def look():
    """Return, as a task, what its broker calls itself and whether it still has it."""
    broker = get_broker()
    return broker.info(), "yes" if broker.lock_size() else "no"


def send():
    with suppress(redis.RedisError):  # It is being replaced.
        return async_task(look)


def session(*killed):
    """Start the worker, let it do a task, and another one after each kill; stop it."""
    execute_from_command_line(["manage.py", "worker", "worker"])
    print("seen:", *result(async_task(look), wait=90_000), sep="|")
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
        task = wait_until(send, 90, lambda: "Redis did not come back")
        print("seen:", *result(task, wait=90_000), sep="|")
    signal.raise_signal(signal.SIGTERM)


def work(settings, database="SQLite", environment=(), killed=()):
    """Return what the tasks of a session returned, under these settings."""
    code = (
        f"import django; django.setup(); from {__package__} import session; "
        f"session(*{killed})"
    )
    with workspace(settings | {"PRODUCTION_PROCESSES": PROCESSES}, database) as project:
        cluster = Cluster(project | dict(environment), [sys.executable, "-c", code])
        cluster.start()
        wait_until(
            lambda: cluster.process.poll() is not None,
            200,
            lambda: f"it did not end.{cluster.advice}",
        )
        seen = re.findall(r"^seen:\|(.+)\|(.+)$", cluster.log, re.M)
        return seen if len(seen) == 1 + len(killed) else cluster.log


def moved(settings, port):
    """Return settings with the port of a server that runs now."""
    return ast.literal_eval(re.sub(r"\b2?6379\b", str(port), repr(settings)))
