"""django_redis: take the Redis connection of a cache of django-redis.

Needs: django-redis.

Two caches of one Redis, in its databases 1 and 2, and the key `redis` for 3:

>>> from cookbook.harness.trial import redis_with_password
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_brokers.django_redis import landed
>>> with redis_with_password() as at:
...     landed(at, django_redis="first")
...     landed(at, django_redis="second")
...     landed(at, django_redis=None)
...     landed(at, django_redis="first", orm="default")
{1: ['django_q:shop:q']}
{2: ['django_q:shop:q']}
{3: ['django_q:shop:q']}
{}

At the edges:

>>> with redis_with_password() as at:
...     landed(at, django_redis="no-such-cache")
...     landed(at, django_redis="default")
...     landed(at, django_redis="builtin")
...     landed(at, django_redis=True)
"InvalidCacheBackendError: The connection 'no-such-cache' doesn't exist."
'NotImplementedError: This backend does not support this feature'
'NotImplementedError: This backend does not support this feature'
"TypeError: attribute name must be string, not 'bool'"

Where the package django-redis is not installed, the key says nothing:

>>> with redis_with_password() as at:
...     landed(at, without=["django_redis"], django_redis="first")
{3: ['django_q:shop:q']}

Who reads it:

>>> readers("django_redis")
['brokers/redis_broker.py']
"""

import sys

from django_q.tasks import async_task

from . import ask
from .redis import contents


def send(without):
    sys.modules |= dict.fromkeys(without)  # As if they were not installed.
    async_task(abs, -1)


def landed(at, without=(), **keys):
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
