"""What can be known of clusters and their queue from outside, check by check."""

import time
from enum import IntEnum

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.utils import timezone
from django_q.brokers import Broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import Task
from django_q.signing import SignedPackage
from django_q.status import Stat

DAY = 24 * 60 * 60
PACKAGES = 1000  # How many of the oldest are read; it takes some milliseconds.


class Code(IntEnum):
    """The exit codes, and what each one means."""

    HEALTHY = 0, "nothing is wrong"
    UNKNOWN = 1, "nothing can be said: no database, no broker, no shared cache"
    USAGE = 2, "the command line is wrong"
    NO_CLUSTER = 3, "no cluster has a heartbeat"
    STALLED = 4, "a cluster holds tasks, and no result comes"
    LATE = 5, "the oldest task waits for too long"
    POISONED = 6, "a package is unreadable, or is taken again and again"

    def __new__(cls, number, meaning):
        code = int.__new__(cls, number)
        code._value_, code.meaning = number, meaning
        return code


def is_blind(broker):
    """Say whether heartbeats go to a cache that no other process can read."""
    keeps_in_cache = type(broker).get_stats is Broker.get_stats
    return keeps_in_cache and isinstance(broker.cache, LocMemCache | DummyCache)


def heartbeats(broker, host, wait):
    """Return the Stats of clusters on `host`, or on any host if it is None.

    A Stat lives 3 seconds, so one look can miss a cluster whose `guard_cycle` is
    longer or whose sentinel is busy. Looks again for up to `wait` seconds.
    """
    deadline = time.monotonic() + wait
    while True:
        found = [
            stat
            for stat in Stat.get_all(broker)
            if host in (None, stat.host) and stat.status != Conf.STOPPED
        ]
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def stalled(broker, stats, seconds):
    """Yield the Stats of clusters that have held tasks for `seconds` without a result.

    One look cannot tell a stalled pool from a new task, so the cache keeps what the
    last look saw.
    """
    last = Task.objects.order_by("-stopped").values_list("pk", "stopped").first()
    for stat in stats:
        key, now = f"qhealth:held:{stat.cluster_id}", time.time()
        if not stat.task_q_size:
            broker.cache.delete(key)
            continue
        then, since = broker.cache.get(key, (None, now))
        if then != (last,):
            broker.cache.set(key, ((last,), now), DAY)
        elif now - since > seconds:
            yield stat


def packages(broker):
    """Return the oldest packages of a queue as (key, lock, payload).

    A package with a lock is taken until then. Knows the ORM and the Redis broker.
    """
    if isinstance(broker, ORM):
        rows = broker.get_connection().filter(key=broker.list_key).order_by("pk")
        return list(rows.values_list("pk", "lock", "payload")[:PACKAGES])
    if hasattr(broker.connection, "lrange"):
        waiting = broker.connection.lrange(broker.list_key, 0, PACKAGES - 1)
        return [(None, timezone.now(), payload) for payload in waiting]
    return []


def contents(payload):
    """Return a package as a dictionary, or the error that a cluster would meet."""
    try:
        return SignedPackage.loads(payload)
    except Exception as error:  # Unpickling imports, and that can raise anything.
        return error


def oldest(found):
    """Return how many seconds ago the oldest of these that waits was enqueued.

    `async_task` writes the time of the enqueueing into the package, as "started".
    """
    now = timezone.now()
    waiting = [contents(payload) for _, lock, payload in found if lock <= now]
    started = [task["started"] for task in waiting if isinstance(task, dict)]
    return (now - min(started)).total_seconds() if started else 0


def poison(broker, found, times):
    """Yield a sentence for what is unreadable, and for what was taken `times` times.

    Each taking of the ORM broker writes a new lock; the cache keeps those it saw.
    """
    for _, _, payload in found:
        error = contents(payload)
        if isinstance(error, Exception):
            yield f"a package cannot be read: {type(error).__name__}: {error}"
    now, seen = timezone.now(), broker.cache.get("qhealth:locks", {})
    locks = {
        key: seen.get(key, set()) | ({lock} if lock > now else set())
        for key, lock, _ in found
    }
    broker.cache.set("qhealth:locks", locks, DAY)
    for key, taken in locks.items():
        if len(taken) >= times:
            yield f"package {key} was taken {len(taken)} times and is still there"
