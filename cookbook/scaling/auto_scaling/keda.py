"""Read the two ScaledObjects, and ask the queue what KEDA would ask it.

>>> postgresql, redis = trigger("keda-postgresql.yaml"), trigger("keda-redis.yaml")
>>> postgresql["type"], redis["type"]
('postgresql', 'redis')

The query of the first one, on PostgreSQL: three tasks wait, and one has been taken.

>>> settings = {"Q_CLUSTER": QUEUE | {"orm": "default"}}
>>> told("PostgreSQL", settings, "ask", postgresql["metadata"]["query"])
'4 packages'

The list of the second one, on Redis: a task that has been taken is not in it.

>>> settings = {"Q_CLUSTER": QUEUE | {"redis": "redis://localhost:6379/0"}}
>>> told("SQLite", settings, "length", redis["metadata"]["listName"])
'3 packages'

A field that KEDA does not know is refused:

>>> import copy
>>> wrong = copy.deepcopy(document("keda-redis.yaml"))
>>> wrong["spec"]["maxReplicas"] = wrong["spec"].pop("maxReplicaCount")
>>> jsonschema.validate(wrong, SCHEMA)
Traceback (most recent call last):
    ...
jsonschema.exceptions.ValidationError: Additional properties are not allowed ...
"""

import json
from pathlib import Path

import jsonschema
import yaml
from django.db import connection
from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness import clusters, servers

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE / "scaled-object.json").read_text())
QUEUE = {"name": "shop", "workers": 2, "timeout": 60, "retry": 600}


def document(name):
    return yaml.safe_load((HERE / name).read_text())


def trigger(name):
    """Return the trigger of a ScaledObject. Raises ValidationError if it is wrong."""
    jsonschema.validate(document(name), SCHEMA)
    return document(name)["spec"]["triggers"][0]


def told(database, settings, function, argument):
    """Let a function of this module answer in a new project, and return its words."""
    with servers.workspace(settings, database) as environment:
        return clusters.shell(
            environment,
            f"from {__name__} import {function}; {function}({argument!r})",
        )


def fill():
    """Enqueue four tasks and take one, as a cluster with `bulk` 1 does."""
    for number in range(4):
        async_task(abs, number)
    return get_broker().dequeue()


def ask(query):
    fill()
    with connection.cursor() as cursor:
        cursor.execute(query)
        print(*cursor.fetchone(), "packages")


def length(name):
    fill()
    print(get_broker().connection.llen(name), "packages")
