"""Ask the queue what KEDA would ask it, and check both files against KEDA's schema.

KEDA's schema accepts both files. It also accepts a field of KEDA that they do not use:

>>> from cookbook.evidence.auto_scaling.keda import OBJECTS, complaint, document
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

>>> from cookbook.evidence.auto_scaling.keda import misspelt
>>> wrong = [each for name in OBJECTS for each in misspelt(document(name))]
>>> complaints = [complaint(each) for each in wrong]
>>> len(complaints), complaints.count(None)
(51, 0)
>>> for text in complaints[14], complaints[-1]:
...     print(text)
Additional properties are not allowed ('stabilizationWindowSecondss' was unexpected)
'databaseIndexs' is not one of ['listLength', ...]

Both stop one pod a minute, and both scale the Deployment of the site:

>>> from cookbook.evidence.auto_scaling.keda import DEPLOYMENT
>>> one, other = [document(name)["spec"] for name in OBJECTS]
>>> one["advanced"] == other["advanced"]
True
>>> one["scaleTargetRef"] == other["scaleTargetRef"] == {"name": DEPLOYMENT}
True
"""

import jsonschema
import yaml
from django.db import connection
from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.catalogue import find

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


def document(name, recipe="scaling/auto-scaling"):
    """Return a YAML file of a recipe."""
    return yaml.safe_load((find(recipe).path / name).read_text())


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
    [version] = document(CRD, "evidence/auto-scaling")["spec"]["versions"]
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
DEPLOYMENT = document("worker.yaml", "deploy/kubernetes")["metadata"]["name"]


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


def question(name):
    """Return the metadata of a ScaledObject's trigger: what it asks, and of whom."""
    return document(name)["spec"]["triggers"][0]["metadata"]


def fetch_one_of_four():
    """Enqueue four tasks and fetch one, as a cluster with `bulk` 1 does."""
    for number in range(4):
        async_task(abs, number)
    get_broker().dequeue()


def count(query):
    """Return what a query counts then.

    >>> from cookbook.evidence.auto_scaling.keda import count, question
    >>> from cookbook.harness.trial import without_cluster
    >>> query = question("keda-postgresql.yaml")["query"]
    >>> without_cluster(count, query, on="PostgreSQL")
    4
    """
    fetch_one_of_four()
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def length(name):
    """Return the length of a list in Redis then.

    >>> from cookbook.evidence.auto_scaling.keda import length, question
    >>> from cookbook.harness.trial import without_cluster
    >>> name = question("keda-redis.yaml")["listName"]
    >>> redis = "redis://localhost:6379/0"
    >>> without_cluster(length, name, orm=None, redis=redis)
    3
    """
    fetch_one_of_four()
    return get_broker().connection.llen(name)
