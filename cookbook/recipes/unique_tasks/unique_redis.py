"""Enqueue a task unless one with the same key is queued or running: Redis broker.

>>> from time import sleep
>>> from cookbook.recipes.unique_tasks.unique_redis import enqueue_once
>>> first = enqueue_once("report:7", "time.sleep", 1)
>>> enqueue_once("report:7", "time.sleep", 1) is None
True
>>> while not (second := enqueue_once("report:7", "time.sleep", 1)):
...     sleep(0.1)
>>> second != first
True
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django_q.brokers.redis_broker import Redis
from django_q.conf import Conf
from django_q.signals import post_execute
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from .locks_redis import server
from .unique import KeyTakenError

DAY = 24 * 60 * 60
ENQUEUE = """
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then return 0 end
return redis.call('RPUSH', KEYS[2], ARGV[3])
"""
FREE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
"""
logger = logging.getLogger(__name__)


class Once(Redis):
    """The Redis broker, for one task with a key."""

    key: str
    seconds: int

    @staticmethod
    def get_connection(list_key: str | None = None) -> Any:
        return server()

    def enqueue(self, task: str) -> int:
        # A script is atomic: there is no key without a task, and no task without one.
        arguments = SignedPackage.loads(task)["id"], self.seconds, task
        keys = f"once:{self.key}", self.list_key
        size = self.connection.eval(ENQUEUE, len(keys), *keys, *arguments)
        if not size:
            raise KeyTakenError(self.key)
        return size


def enqueue_once(
    key: str, func: str | Callable, *args: object, seconds: int = DAY, **kwargs: Any
) -> str | None:
    """Do what `async_task` does, and return None where the key is taken.

    The key is the task's name too. Redis can lose a task, so a key is free after
    `seconds` at the latest: give more than the task waits and runs.
    """
    if Conf.ORM:
        raise ImproperlyConfigured("this is for the Redis broker: use unique")
    if len(key) > 100:
        raise ValueError(f"{key!r} has more than 100 characters")
    broker = Once(kwargs.get("cluster"))
    broker.key, broker.seconds = key, seconds
    try:
        return async_task(func, *args, broker=broker, task_name=key, **kwargs)
    except KeyTakenError:
        return None


def free(task: dict, **_: object) -> None:
    """Receive `post_execute` in the monitor, which dies of any exception here."""
    try:
        key = f"once:{task['name']}"
        server().eval(FREE, 1, key, task["id"])
    except Exception:
        logger.warning("a key stays taken until it expires", exc_info=True)


def listen() -> None:
    post_execute.connect(free)
