"""What each broker does with a task, and what that is worth when something fails.

Needs: redis, boto3.

The methods of a broker; yes where its class does not leave the method to the base:

>>> from cookbook.reference.brokers import list_methods
>>> print(list_methods())
| Method | ORM | Redis | SQS | MongoDB | IronMQ |
| --- | --- | --- | --- | --- | --- |
| `acknowledge(task_id)` | yes | no | yes | yes | yes |
| `delete(task_id)` | yes | no | yes | yes | yes |
| `delete_queue()` | yes | yes | yes | yes | yes |
| `dequeue()` | yes | yes | yes | yes | yes |
| `enqueue(task)` | yes | yes | yes | yes | yes |
| `fail(task_id)` | yes | no | yes | yes | yes |
| `get_cache()` | no | no | no | no | no |
| `get_connection(list_key)` | yes | yes | yes | yes | yes |
| `get_stat(key)` | no | yes | no | no | no |
| `get_stats(pattern)` | no | yes | no | no | no |
| `info()` | yes | yes | yes | yes | yes |
| `lock_size()` | yes | no | yes | yes | no |
| `ping()` | yes | yes | yes | yes | yes |
| `purge_queue()` | yes | yes | yes | yes | yes |
| `queue_size()` | yes | yes | yes | yes | yes |
| `set_stat(key, value, timeout)` | no | yes | no | no | no |
"""

import re
from inspect import getmembers, getsource, isfunction, signature
from pathlib import Path

from django.utils.module_loading import import_string
from django_q.brokers import Broker

from cookbook.harness.trial import table

PAGE = Path(__file__).parents[3] / "docs/reference/brokers.md"
CLASSES = {
    "ORM": "orm.ORM",
    "Redis": "redis_broker.Redis",
    "SQS": "aws_sqs.Sqs",
    "MongoDB": "mongo.Mongo",
    "IronMQ": "ironmq.IronMQBroker",
}


def methods():
    """Return the public methods of a broker, in the order of the alphabet."""
    return [name for name, _ in getmembers(Broker, isfunction) if name[0] != "_"]


def broker_class(name):
    return import_string(f"django_q.brokers.{CLASSES[name]}")


def arguments(method):
    names = signature(getattr(Broker, method)).parameters
    return ", ".join(name for name in names if name != "self")


def grid(rows, heads):
    """Return `{first cell: other cells}` as a Markdown table."""
    words = {True: "yes", False: "no"}
    lines = [heads, ["---"] * len(heads)]
    lines += [[name, *(words.get(c, c) for c in cells)] for name, cells in rows.items()]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def list_methods():
    """Return the methods as a table; one without a heading on the page is an error."""
    headings = re.findall(r"^### (.+)", PAGE.read_text(), re.M)
    assert set(methods()) <= set(", ".join(headings).split(", "))
    rows = {
        f"`{name}({arguments(name)})`": [
            name in vars(broker_class(broker)) for broker in CLASSES
        ]
        for name in methods()
    }
    return grid(rows, ["Method", *CLASSES])


def pings():
    """Return the last line of each `ping`.

    >>> from cookbook.reference.brokers import pings
    >>> print(pings())
    | Broker | Its `ping` |
    | --- | --- |
    | ORM | `return True` |
    | SQS | `return "sqs" in self.connection.get_available_resources()` |
    | MongoDB | `return self.info is not None` |
    """
    names = ("ORM", "SQS", "MongoDB")
    sources = {name: getsource(broker_class(name).ping) for name in names}
    rows = {
        name: f"`{text.splitlines()[-1].strip()}`" for name, text in sources.items()
    }
    return table(rows, ("Broker", "Its `ping`"))
