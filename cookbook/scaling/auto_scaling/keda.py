"""Read the two ScaledObjects, and ask the queue what KEDA would ask it.

>>> from cookbook.scaling.auto_scaling.keda import (
...     DEPLOYMENT, OBJECTS, QUEUE, complaint, document, misspelt, told, trigger,
... )
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

KEDA's schema accepts both, and so it does a field of KEDA that they do not use:

>>> [complaint(document(name)) for name in OBJECTS]
[None, None]
>>> changed = document("keda-redis.yaml")
>>> changed["spec"]["fallback"] = {"failureThreshold": 3, "replicas": 2}
>>> complaint(changed)

A number where KEDA wants a string is refused:

>>> changed["spec"]["triggers"][0]["metadata"]["listLength"] = 20
>>> complaint(changed)
"20 is not of type 'string'"

So is each key of the two files, at each level, when it is misspelt:

>>> wrong = [each for name in OBJECTS for each in misspelt(document(name))]
>>> said = [complaint(each) for each in wrong]
>>> len(said), said.count(None)
(51, 0)
>>> for text in said[14], said[-1]:
...     print(text)
Additional properties are not allowed ('stabilizationWindowSecondss' was unexpected)
'databaseIndexs' is not one of ['listLength', ...]

Both stop one pod a minute, and both scale the same Deployment, which exists:

>>> one, other = [document(name)["spec"] for name in OBJECTS]
>>> one["advanced"] == other["advanced"]
True
>>> one["scaleTargetRef"] == other["scaleTargetRef"] == {"name": DEPLOYMENT}
True
"""

from pathlib import Path

import jsonschema
import yaml
from django.db import connection
from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness import trial

HERE = Path(__file__).parent
OBJECTS = ["keda-postgresql.yaml", "keda-redis.yaml"]
# KEDA's own file, unchanged: config/crd/bases/ of its release 2.20.2; Copyright 2020
# The KEDA Authors, Apache License 2.0, which LICENSE.keda holds.
CRD = "keda.sh_scaledobjects.yaml"
# What the file leaves open, from schema/generated/scalers-schema.json of that release.
METADATA = {
    "postgresql": """
        targetQueryValue activationTargetQueryValue query host port userName dbName
        sslmode connectionFromEnv passwordFromEnv
    """,
    "redis": """
        listLength activationListLength listName databaseIndex enableTLS unsafeSsl
        address addresses host hosts port ports username password sentinelUsername
        sentinelPassword sentinelMaster addressFromEnv addressesFromEnv hostFromEnv
        hostsFromEnv portFromEnv portsFromEnv usernameFromEnv passwordFromEnv
        sentinelUsernameFromEnv sentinelPasswordFromEnv sentinelMasterFromEnv
    """,
}
QUEUE = {"name": "shop", "workers": 2, "timeout": 60, "retry": 600}


def document(name):
    return yaml.safe_load((HERE / name).read_text())


def closed(schema):
    """Return a schema that refuses each field that it does not name, at any level."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    open_or_closed = {"additionalProperties": False} if "properties" in schema else {}
    return open_or_closed | {key: closed(part) for key, part in schema.items()}


def scaled_object():
    """Return the schema of a ScaledObject, with the metadata of our two scalers."""
    [version] = document(CRD)["spec"]["versions"]
    schema = closed(version["schema"]["openAPIV3Schema"])
    schema["required"] = ["apiVersion", "kind", "metadata", "spec"]
    name = {"name": {"type": "string"}}
    schema["properties"]["metadata"] = closed(
        {"properties": name, "required": ["name"]}
    )
    triggers = schema["properties"]["spec"]["properties"]["triggers"]
    triggers["items"]["properties"]["type"]["enum"] = list(METADATA)
    triggers["items"]["allOf"] = [
        {
            "if": {"properties": {"type": {"const": scaler}}},
            "then": {
                "properties": {"metadata": {"propertyNames": {"enum": names.split()}}}
            },
        }
        for scaler, names in METADATA.items()
    ]
    return schema


SCHEMA = scaled_object()
DEPLOYMENT = document("../../backend/kubernetes/worker.yaml")["metadata"]["name"]


def complaint(scaled):
    """Return what the schema says against a ScaledObject, or None."""
    error = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(SCHEMA).iter_errors(scaled)
    )
    return error and error.message


def misspelt(part):
    """Yield copies of a part of a document, each with one key of it misspelt."""
    if isinstance(part, list):
        for place, value in enumerate(part):
            for wrong in misspelt(value):
                yield [*part[:place], wrong, *part[place + 1 :]]
    elif isinstance(part, dict):
        for key, value in part.items():
            yield {k: v for k, v in part.items() if k != key} | {f"{key}s": value}
            for wrong in misspelt(value):
                yield part | {key: wrong}


def trigger(name):
    return document(name)["spec"]["triggers"][0]


def told(database, settings, function, argument):
    """Let a function of this module answer in a new project, and return its words."""
    with trial.workspace(settings, database) as environment:
        return trial.shell(
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
