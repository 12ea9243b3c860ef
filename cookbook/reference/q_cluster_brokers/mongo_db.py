"""mongo_db: the database of MongoDB that holds the queue.

No server runs here. The server, the database and the collection that a broker uses:

>>> from cookbook.reference.q_cluster_brokers.mongo_db import edges
>>> print(edges())
| Value | What happens |
| --- | --- |
| `"queue"` | `127.0.0.1:27017 queue.shop` |
| `"queue"`, and `mongo` names `website` | `127.0.0.1:27017 queue.shop` |
| `None`, and `mongo` names `website` | `127.0.0.1:27017 website.shop` |
| `""` | `127.0.0.1:27017 django-q.shop` |
| `7` | `TypeError: name must be an instance of str, not <class 'int'>` |
| `"web.queue"` | `InvalidName: database names cannot contain the character '.'` |
| `"queue"`, without `mongo` | The broker is Redis |
"""

from . import chosen, code, short_table
from .mongo import place


def edges():
    local, web = {"host": "127.0.0.1"}, {"host": "mongodb://127.0.0.1/website"}
    both = place(mongo=web, mongo_db="queue")
    return short_table({
        '`"queue"`': code(place(mongo=local, mongo_db="queue")),
        '`"queue"`, and `mongo` names `website`': code(both),
        "`None`, and `mongo` names `website`": code(place(mongo=web, mongo_db=None)),
        '`""`': code(place(mongo=local, mongo_db="")),
        "`7`": code(place(mongo=local, mongo_db=7)),
        '`"web.queue"`': code(place(mongo=local, mongo_db="web.queue")),
        '`"queue"`, without `mongo`': f"The broker is {chosen(mongo_db='queue')}",
    })  # fmt: skip
