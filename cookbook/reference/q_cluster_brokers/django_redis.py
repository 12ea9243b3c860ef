"""django_redis: the cache of django-redis whose connection the broker uses.

Needs: django-redis.

The caches `first` and `second` are the databases 1 and 2 of one Redis. The key `redis`
names its database 3:

>>> from cookbook.reference.q_cluster_brokers.django_redis import edges
>>> print(edges())
| Value | Where the task is |
| --- | --- |
| `"first"` | `django_q:shop:q` in database 1 |
| `"second"` | `django_q:shop:q` in database 2 |
| `None` | `django_q:shop:q` in database 3 |
| `"first"`, and `orm` is set | Not in Redis |
| `"first"`, without the package | `django_q:shop:q` in database 3 |
| Not in `CACHES` | `InvalidCacheBackendError: The connection 'no-such-cache' ...` |
| A dummy cache | `NotImplementedError: This backend does not support this feature` |
| Django's `RedisCache` | `NotImplementedError: This backend does not support ...` |
| `True` | `TypeError: attribute name must be string, not 'bool'` |
"""

import importlib
import sys

from django_q.brokers import redis_broker
from django_q.tasks import async_task

from cookbook.harness.trial import redis_with_password

from . import ask, short_table
from .redis import contents, describe


def send(without):
    sys.modules |= dict.fromkeys(without)  # As if they were not installed.
    if without:
        importlib.reload(redis_broker)  # An app may have imported it already.
    async_task(abs, -1)


def land(at, without=(), **keys):
    """Send a task; return `{database of Redis: its keys}`, or the error."""
    url = f"redis://:{at.password}@{at.host}:{at.port}"
    backend = {"BACKEND": "django_redis.cache.RedisCache"}
    caches = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
        "first": backend | {"LOCATION": f"{url}/1"},
        "second": backend | {"LOCATION": f"{url}/2"},
        "builtin": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"{url}/1",
        },
    }
    there = {"redis": f"{url}/3"} | keys
    error = ask(send, list(without), settings={"CACHES": caches}, **there)
    return error or contents(at)


def edges():
    with redis_with_password() as at:
        rows = {
            '`"first"`': land(at, django_redis="first"),
            '`"second"`': land(at, django_redis="second"),
            "`None`": land(at, django_redis=None),
            '`"first"`, and `orm` is set': land(
                at, django_redis="first", orm="default"
            ),
            '`"first"`, without the package': land(
                at, without=["django_redis"], django_redis="first"
            ),
            "Not in `CACHES`": land(at, django_redis="no-such-cache"),
            "A dummy cache": land(at, django_redis="default"),
            "Django's `RedisCache`": land(at, django_redis="builtin"),
            "`True`": land(at, django_redis=True),
        }
    described = {text: describe(outcome) for text, outcome in rows.items()}
    return short_table(described, ("Value", "Where the task is"))
