"""Is there a cluster, and do its tasks end?"""

import time
from collections.abc import Iterator

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError
from django_q.brokers import Broker, get_broker
from django_q.conf import Conf
from django_q.models import Task
from django_q.status import Stat

DAY = 24 * 60 * 60  # Seconds; what a look has seen is forgotten after them.


def keeper() -> Broker:
    """Return what keeps the heartbeats. It needs no database.

    The ORM broker connects as soon as it is made, and keeps heartbeats in the cache.
    """
    in_cache = Conf.ORM and not Conf.BROKER_CLASS
    return Broker() if in_cache else get_broker()


def is_blind(broker: Broker) -> bool:
    """Say whether heartbeats go to a cache that no other process can read.

    The Redis broker keeps them itself.
    """
    keeps_in_cache = type(broker).get_stats is Broker.get_stats
    unshared = isinstance(broker.cache, LocMemCache | DummyCache)
    return keeps_in_cache and (broker.cache is None or unshared)


def heartbeats(broker: Broker, host: str | None, seconds: float) -> list[Stat]:
    """Return the Stats of the clusters on this host, or on any host if it is None.

    A Stat lives 3 seconds, so one look can miss a cluster whose `guard_cycle` is
    longer or whose sentinel is busy. It looks again until `seconds` are over.
    """
    deadline = time.monotonic() + seconds
    while True:
        stats = [
            stat
            for stat in Stat.get_all(broker)
            if host in (None, stat.host) and stat.status != Conf.STOPPED
        ]
        if stats or time.monotonic() > deadline:
            return stats
        time.sleep(0.2)


def stalled(broker: Broker, stats: list[Stat], seconds: float) -> Iterator[Stat]:
    """Yield the clusters that have held tasks for `seconds` without a result.

    One look cannot tell a stalled cluster from a new task, so the cache keeps what
    the look before it saw.
    """
    for stat in stats:
        key, now = f"qhealth:{broker.list_key}:held:{stat.cluster_id}", time.time()
        try:
            last = last_result() if stat.task_q_size else None
        except DatabaseError:  # No result can come while the database is down.
            last = None
        if last is None:
            broker.cache.delete(key)
            continue
        before, since = broker.cache.get(key, (None, now))
        if before != last:
            broker.cache.set(key, (last, now), DAY)
        elif now - since > seconds:
            yield stat


def last_result() -> tuple:
    """Return the key and the end of the newest result, an empty tuple if none."""
    newest = Task.objects.order_by("-stopped").values_list("pk", "stopped")
    return newest.first() or ()
