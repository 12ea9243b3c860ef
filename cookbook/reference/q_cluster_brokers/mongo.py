"""mongo: the sub-keys for MongoClient; no server runs here, so no task does.

The place that a broker would use:

>>> place(mongo={"host": "127.0.0.1"})
'127.0.0.1:27017 django-q.shop'
>>> place(mongo={"host": "127.0.0.1", "port": 27018})
'127.0.0.1:27018 django-q.shop'
>>> place(mongo={"host": "mongodb://127.0.0.1:27019/website"})
'127.0.0.1:27019 website.shop'

What the first call does where nothing answers:

>>> send(mongo={"host": "127.0.0.1", "port": 1, "serverSelectionTimeoutMS": 50})
"ServerSelectionTimeoutError: 127.0.0.1:1: [Errno ...] Connection refused...

At the edges:

>>> place(mongo={"hots": "127.0.0.1"})
'ConfigurationError: Unknown option: hots...
>>> place(mongo="mongodb://127.0.0.1/website")
'TypeError: pymongo.synchronous.mongo_client.MongoClient() argument after ** must...

Who reads it:

>>> readers("mongo")
['brokers/__init__.py', 'brokers/mongo.py']
"""

import re

from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.reference.q_cluster import readers  # noqa: F401  The session uses it.

from . import ask


def address():
    """Return where the broker would connect, its database and its collection."""
    broker = get_broker()
    server = re.search(r"host=\['(.+?)'\]", repr(broker.connection))[1]
    return f"{server} {broker.collection.full_name}"


def place(**keys):
    return ask(address, **keys)


def task():
    async_task(abs, -1)


def send(**keys):
    return ask(task, **keys)
