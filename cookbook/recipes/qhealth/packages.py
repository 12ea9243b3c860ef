"""What waits in the queue: how old it is, and whether a cluster can read it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django_q.brokers import Broker
from django_q.brokers.orm import ORM
from django_q.signing import SignedPackage

from .clusters import DAY

MOST = 1000  # How many of the oldest packages are read.


class Package(NamedTuple):
    """A task as it is queued. It is fetched, not waiting, until its lock is over."""

    key: int | None
    lock: datetime | None
    task: dict | Exception

    @property
    def waits(self) -> bool:
        return self.lock is None or self.lock <= timezone.now()


def oldest_packages(broker: Broker) -> list[Package]:
    """Return the oldest packages of a queue; other brokers than ORM and Redis: none."""
    if isinstance(broker, ORM):
        rows = broker.get_connection().filter(key=broker.list_key).order_by("pk")
        values = rows.values_list("pk", "lock", "payload")[:MOST]
        return [Package(key, lock, read(payload)) for key, lock, payload in values]
    if hasattr(type(broker.connection), "lrange"):  # A Redis.
        waiting = broker.connection.lrange(broker.list_key, 0, MOST - 1)
        return [Package(None, None, read(payload)) for payload in waiting]
    return []


def read(payload: str | bytes) -> dict | Exception:
    """Return the task of a package, or the error that a cluster would meet."""
    try:
        return SignedPackage.loads(payload)
    except Exception as error:  # Unpickling imports, and that can raise anything.
        return error


def age(packages: Iterable[Package]) -> float:
    """Return the seconds since the oldest waiting one of these was enqueued.

    `async_task` writes that time into the task as "started"; no column has it.
    """
    times = [
        p.task["started"] for p in packages if p.waits and isinstance(p.task, dict)
    ]
    return (timezone.now() - min(times)).total_seconds() if times else 0.0


def poison(broker: Broker, packages: Iterable[Package], times: int) -> Iterator[str]:
    """Yield a sentence for each unreadable package, and each fetched `times` times.

    Each fetch of the ORM broker writes a new lock; the cache keeps those it saw.
    """
    memory = f"qhealth:{broker.list_key}:locks"
    before, locks = broker.cache.get(memory, {}), {}
    for key, lock, task in packages:
        if isinstance(task, Exception):
            yield f"a package cannot be read: {type(task).__name__}: {task}"
        if key is not None and lock is not None:
            fetched = {lock} if lock > timezone.now() else set()
            locks[key] = before.get(key, set()) | fetched
    broker.cache.set(memory, locks, DAY)
    for key, fetches in locks.items():
        if len(fetches) >= times:
            yield f"package {key} was fetched {len(fetches)} times and is still there"
