"""iron_mq: the sub-keys for the client of IronMQ; the service does not run here.

The address that the broker would use:

>>> import textwrap
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_brokers.iron_mq import place, sub_keys
>>> place(iron_mq={"project_id": "shop", "token": "secret"})
'https://mq-aws-us-east-1-1.iron.io/3/projects/shop/ shop'
>>> place(iron_mq={"project_id": "shop", "token": "secret", "host": "localhost"})
'https://localhost/3/projects/shop/ shop'

At the edges:

>>> place(iron_mq={"project_id": "shop"})
'ValueError: At least one of token or keystone should be specified.'
>>> place(iron_mq={"token": "secret"})
'ValueError: No project_id set. project_id is a required field.'
>>> place(iron_mq={"projectid": "shop"})
"TypeError: IronClient.__init__() got an unexpected keyword argument 'projectid'"
>>> place(iron_mq="shop")
'TypeError: iron_mq.IronMQ() argument after ** must be a mapping, not str'

Every sub-key that the client accepts:

>>> print(textwrap.fill(", ".join(sub_keys()), 72))
api_version, cloud, config_file, host, keystone, path_prefix, port,
project_id, protocol, token

Who reads it:

>>> readers("iron_mq")
['brokers/__init__.py', 'brokers/ironmq.py']
"""

from inspect import signature

from django_q.brokers import get_broker

from . import ask


def address():
    """Return the address of the project and the name of the queue."""
    queue = get_broker().connection
    return f"{queue.client.base_url} {queue.name}"


def place(**keys):
    return ask(address, **keys)


def sub_keys():
    """Return what IronClient takes, less what the broker gives it by itself."""
    from iron_core import IronClient

    given = {"self", "name", "version", "product"}
    return sorted(signature(IronClient.__init__).parameters.keys() - given)
