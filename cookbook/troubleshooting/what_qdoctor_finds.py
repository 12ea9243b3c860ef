"""What happens with the mistakes that qdoctor finds, and how it looks without it.

Settings with which Django does not start, or `qcluster` ends at once:

>>> with workspace({}) as project:
...     print(ends(project, "check", Q_CLUSTER=["orm", "default"]))
...     print(ends(project, "check", Q_CLUSTER={"workers": "four"}))
...     print(ends(project, "check", Q_CLUSTER={"retry": None, "timeout": 60}))
...     named = project | {"Q_CLUSTER_NAME": "reports"}
...     print(ends(named, "check", Q_CLUSTER={"name": "shop"}))
...     print(ends(project, "qcluster", Q_CLUSTER={"redis": {"hosts": "queue"}}))
...     print(ends(project, "qcluster", Q_CLUSTER={"redis": {"port": 1}}))
AttributeError: 'list' object has no attribute 'get'
ValueError: invalid literal for int() with base 10: 'four'
TypeError: '>' not supported between instances of 'int' and 'NoneType'
KeyError: 'ALT_CLUSTERS'
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1

A misspelt key, and a secret on the screen:

>>> with workspace({}) as project:
...     spelt = project | {"RECIPE_SETTINGS": repr({"Q_CLUSTER": {"max_attempt": 3}})}
...     print(shell(spelt, "from django_q.conf import Conf; print(Conf.MAX_ATTEMPTS)"))
...     print(shell(project, PRINTED))
0
True

A timeout that is no whole number makes every task fail:

>>> with cluster("SQLite", timeout=1.5) as running:
...     call(running, failure)
"'float' object cannot be interpreted as an integer"

A failed task comes back unless it is acknowledged:

>>> with cluster("SQLite", max_attempts=2, retry=2, guard_cycle=0.1) as running:
...     call(running, attempts, 2)
2
>>> acknowledged = {"max_attempts": 2, "ack_failures": True}
>>> with cluster("SQLite", retry=2, **acknowledged) as running:
...     call(running, attempts, 1), call(running, queued)
(1, 0)

One schedule whose args do not parse keeps the other from running, and a worker
remembers queries where DEBUG is on:

>>> with workspace({}) as project:
...     print(shell(project, CALL.format("scheduled")))
...     debug = project | {"RECIPE_SETTINGS": repr({"DEBUG": True})}
...     print(shell(debug, CALL.format("remembered")))
{'readable': 1, 'beside an unreadable one': 0}
9000
"""

import io
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django_q.models import Failure, OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.tasks import async_task

from cookbook.harness.clusters import shell  # noqa: F401  The session above uses it.
from cookbook.harness.servers import MANAGE, wait_until, workspace  # noqa: F401
from cookbook.reference.q_cluster import call, cluster  # noqa: F401

CALL = f"from {__name__} import *; print({{}}())"
PRINTED = CALL.format("secret_is_printed")


def ends(project, command, **changed):
    """Return the last line that a command of manage.py prints with such settings."""
    done = subprocess.run(
        [sys.executable, MANAGE, command],
        env=project | {"RECIPE_SETTINGS": repr(changed)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stderr.strip().splitlines()[-1]


def secret_is_printed():
    """Return whether `qinfo --config` prints the SECRET_KEY."""
    printed = io.StringIO()
    call_command("qinfo", config=True, stdout=printed)
    return settings.SECRET_KEY in printed.getvalue()


def failure():
    """Return why a task failed that has nothing wrong with it."""
    async_task(abs, -1)
    wait_until(Failure.objects.exists, 60, lambda: "no task has failed")
    return Failure.objects.get().result.split(" : ")[0]


def attempts(number):
    """Return how often a task ran that always fails, once it ran so often."""
    async_task(abs, "no number")
    found = Failure.objects.filter(attempt_count__gte=number)
    wait_until(found.exists, 60, lambda: "too few attempts")
    return found.get().attempt_count


def queued():
    """Return how many tasks are in the queue once none is about to be removed."""
    wait_until(lambda: not OrmQ.objects.exists(), 60, lambda: "tasks are left")
    return OrmQ.objects.count()


def scheduled():
    """Return how many tasks a pass of the scheduler makes of a good schedule."""
    made = {}
    for name, args in {"readable": "1", "beside an unreadable one": "name"}.items():
        OrmQ.objects.all().delete()
        Schedule.objects.all().delete()
        for text in (args, "2"):
            Schedule.objects.create(func="math.sqrt", args=text)
        Schedule.objects.filter(args="1").delete()
        scheduler()
        made[name] = OrmQ.objects.count()
    return made


def remembered():
    """Return how many queries a process keeps that never handles a request."""
    with connection.cursor() as cursor:
        for _ in range(10_000):
            cursor.execute("SELECT 1")
    return len(connection.queries_log)
