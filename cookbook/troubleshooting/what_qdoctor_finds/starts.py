"""Settings that crash every command, or that choose another broker.

The last line of a command with each wrong setting; the page shows them all:

>>> from cookbook.troubleshooting.what_qdoctor_finds import missing
>>> from cookbook.troubleshooting.what_qdoctor_finds.starts import endings
>>> for line in endings():
...     print(line)
AttributeError: 'list' object has no attribute 'get'
ValueError: invalid literal for int() with base 10: 'four'
TypeError: '>' not supported between instances of 'int' and 'NoneType'
AttributeError: module 'logging' has no attribute 'LOUD'
KeyError: 'ALT_CLUSTERS'
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
>>> missing(endings()[:5])
[]

A misspelt key, no broker, two brokers, a broker without a database:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.what_qdoctor_finds.starts import address, limit, send
>>> without_cluster(limit, max_attempt=3)
0
>>> without_cluster(address, orm=None)
'localhost:6379'
>>> without_cluster(send, orm="default", redis={"port": 1})
'1 task in the database'
>>> without_cluster(send, orm="queue")
"ConnectionDoesNotExist: The connection 'queue' doesn't exist."
"""

import subprocess
import sys
from functools import cache

from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import MANAGE, workspace

WRONG = [
    ("check", ["orm", "default"]),
    ("check", {"workers": "four"}),
    ("check", {"retry": None, "timeout": 60}),
    ("check", {"log_level": "LOUD"}),
    ("check", {"name": "shop"}),  # With Q_CLUSTER_NAME in the environment.
    ("qcluster", {"redis": {"hosts": "queue"}}),
    ("qcluster", {"redis": {"port": 1}}),
]


@cache
def endings():
    """Return the last line that each command prints with its wrong settings."""
    with workspace({}) as project:
        named = project | {"Q_CLUSTER_NAME": "reports"}
        return [
            end(named if "name" in keys else project, command, Q_CLUSTER=keys)
            for command, keys in WRONG
        ]


def end(project, command, **changed):
    """Return the last line that a manage.py command prints with these settings."""
    process = subprocess.run(
        [sys.executable, MANAGE, command],
        env=project | {"RECIPE_SETTINGS": repr(changed)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return process.stderr.strip().splitlines()[-1]


def limit():
    return Conf.MAX_ATTEMPTS


def address():
    """Return the address of the broker that Django-Q2 chose, without connecting."""
    place = get_broker().connection.connection_pool.connection_kwargs
    return f"{place.get('host', 'localhost')}:{place.get('port', 6379)}"


def send():
    """Send a task; return where it is, or the error."""
    try:
        async_task(abs, -1)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return f"{OrmQ.objects.count()} task in the database"
