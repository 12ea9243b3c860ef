"""The keys of Q_CLUSTER that choose the broker, and that say where it is.

To find the order, all keys are given; then the key that won is taken away, and so on:

>>> from cookbook.reference.q_cluster_brokers import edges
>>> print(edges())
| `Q_CLUSTER` has | The broker is |
| --- | --- |
| Several | the first of `broker_class`, `iron_mq`, `sqs`, `orm`, `mongo`, `redis` |
| No key | Redis on localhost |
| `"iron_mq": {}, "mongo": {}, "orm": "", "broker_class": ""` | Redis on localhost |
| `"sqs": {}` | SQS |
| `"sqs": "eu-central-1"` | Redis on localhost |
| `"sqs": {}`, and boto3 is not installed | `ModuleNotFoundError` |
"""

import ast
import sys
import textwrap
from contextlib import nullcontext
from functools import partial

from cookbook.harness.trial import shell, sqs_server, table, workspace

# What every example starts from: no key of it names a broker.
KEYS = {"name": "shop", "workers": 1, "timeout": 1, "retry": 60}
ALL = {
    "broker_class": "django_q.brokers.Broker",
    "iron_mq": {"project_id": "1", "token": "2"},
    "sqs": {"aws_region": "eu-central-1"},
    "orm": "default",
    "mongo": {"host": "127.0.0.1"},
    "redis": {"host": "127.0.0.1"},
}
KEY = {
    "Broker": "broker_class",
    "IronMQBroker": "iron_mq",
    "Sqs": "sqs",
    "ORM": "orm",
    "Mongo": "mongo",
    "Redis": "redis",
}


def under(project, settings=(), **keys):
    """Return the environment of a project with these keys added to its Q_CLUSTER."""
    added = dict(settings) | {"Q_CLUSTER": KEYS | keys}
    return project | {"RECIPE_SETTINGS": repr(added)}


def ask(function, *arguments, project=None, settings=(), **keys):
    """Call a function in a new process under these keys of Q_CLUSTER.

    Returns what it returns, or the type and first line of what it raises.
    """
    name, module = function.__name__, function.__module__
    code = (
        f"from {module} import {name}\n"
        f"try: print(repr({name}(*{arguments})))\n"
        f"except Exception as error:\n"
        f"    said = str(error).splitlines()[0]\n"
        f"    print(repr(type(error).__name__ + ': ' + said))"
    )
    with workspace({}) as fresh:
        place = under(fresh | (project or {}), settings, **keys)
        return ast.literal_eval(shell(place, code).splitlines()[-1])


def kind(without):
    """Return the class that get_broker chooses where one package is not installed."""
    from django_q.brokers import get_broker

    sys.modules |= dict.fromkeys(without)
    return type(get_broker()).__name__


def chosen(without=None, **keys):
    """Return the class of the broker under these keys of Q_CLUSTER."""
    missing = [without] if without else []
    with sqs_server() if "sqs" in keys else nullcontext({}) as aws:
        return ask(kind, missing, project=aws, **keys)


def order():
    """Return the keys in the order in which get_broker prefers them."""
    keys, won = dict(ALL), []
    while keys:
        won.append(KEY[chosen(**keys)])
        del keys[won[-1]]
    return won


def code(text):
    return f"`{text}`"


def short_table(rows, *heads):
    """Return a table in which a long error ends in three dots."""
    lines = table(rows, *heads).splitlines()
    cut = partial(
        textwrap.shorten, width=84, placeholder=" ...", break_on_hyphens=False
    )
    return "\n".join(f"{cut(ln[:-3])}` |" if len(ln) > 88 else ln for ln in lines)


def edges():
    empty = {"iron_mq": {}, "mongo": {}, "orm": "", "broker_class": ""}
    missing = chosen(without="boto3", sqs={}).partition(":")[0]
    rows = {
        "Several": "the first of " + ", ".join(f"`{key}`" for key in order()),
        "No key": f"{chosen()} on localhost",
        "`"
        + str(empty)[1:-1].replace("'", '"')
        + "`": f"{chosen(**empty)} on localhost",
        '`"sqs": {}`': chosen(sqs={}).upper(),
        '`"sqs": "eu-central-1"`': f"{chosen(sqs='eu-central-1')} on localhost",
        '`"sqs": {}`, and boto3 is not installed': f"`{missing}`",
    }
    return table(rows, ("`Q_CLUSTER` has", "The broker is"))
