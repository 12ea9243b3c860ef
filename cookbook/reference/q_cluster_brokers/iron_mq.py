"""iron_mq: the keywords for the client of IronMQ.

The service does not run here. The address and the queue that the broker would use, or
the error:

>>> from cookbook.reference.q_cluster_brokers.iron_mq import edges, sub_keys
>>> print(edges())
| Value | What happens |
| --- | --- |
| `project_id`, `token` | `https://mq-aws-us-east-1-1.iron.io/3/projects/shop/ shop` |
| Another `host` | `https://localhost/3/projects/shop/ shop` |
| No `token` | `ValueError: At least one of token or keystone should be specified.` |
| No `project_id` | `ValueError: No project_id set. project_id is a required field.` |
| `projectid` | `TypeError: IronClient.__init__() got an unexpected keyword ...` |
| A string | `TypeError: iron_mq.IronMQ() argument after ** must be a mapping, ...` |

Every sub-key that the client accepts:

>>> import textwrap
>>> print(textwrap.fill(", ".join(sub_keys()), 72))
api_version, cloud, config_file, host, keystone, path_prefix, port,
project_id, protocol, token
"""

from inspect import signature

from django_q.brokers import get_broker

from . import ask, code, short_table


def address():
    """Return the address of the project and the name of the queue."""
    queue = get_broker().connection
    return f"{queue.client.base_url} {queue.name}"


def place(**keys):
    return ask(address, **keys)


def sub_keys():
    """Return what IronClient takes, less what the broker sets itself."""
    from iron_core import IronClient

    names = {"self", "name", "version", "product"}
    return sorted(signature(IronClient.__init__).parameters.keys() - names)


def edges():
    full = {"project_id": "shop", "token": "secret"}
    return short_table({
        "`project_id`, `token`": code(place(iron_mq=full)),
        "Another `host`": code(place(iron_mq=full | {"host": "localhost"})),
        "No `token`": code(place(iron_mq={"project_id": "shop"})),
        "No `project_id`": code(place(iron_mq={"token": "secret"})),
        "`projectid`": code(place(iron_mq={"projectid": "shop"})),
        "A string": code(place(iron_mq="shop")),
    })  # fmt: skip
