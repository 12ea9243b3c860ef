"""Let only one process at a time run a block: a lock in Redis, which expires.

>>> from cookbook.recipes.unique_tasks.locks_redis import only_one
>>> with only_one("search-index") as confirm:
...     confirm()
...     with only_one("search-index"):
...         pass
Traceback (most recent call last):
    ...
cookbook.recipes.unique_tasks.locks.LockHeldError: search-index
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from threading import Event, Thread
from typing import Any

from django_q.brokers.redis_broker import Redis
from redis.exceptions import RedisError
from redis.lock import Lock

from .locks import Confirm, LockHeldError, LockLostError


@cache
def server() -> Any:
    """Connect once in each process, and not once for each task."""
    return Redis.get_connection()


@contextmanager
def only_one(name: str, seconds: float = 30) -> Iterator[Confirm]:
    """Run a block in one process at a time.

    A thread renews the lock; `seconds` after its process has died, the lock expires.
    """
    # SET NX PX with a random token, and scripts that touch only a lock of this token.
    lock = Lock(server(), f"only-one:{name}", timeout=seconds, thread_local=False)
    if not lock.acquire(blocking=False):
        raise LockHeldError(name)

    def confirm() -> None:
        try:
            lock.reacquire()
        except RedisError as error:
            raise LockLostError(name) from error

    def renew() -> None:
        while not end.wait(seconds / 3):
            with suppress(LockLostError):
                confirm()

    end = Event()
    thread = Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield confirm
    finally:
        end.set()
        thread.join()
        with suppress(RedisError):  # It has expired, or will.
            lock.release()
