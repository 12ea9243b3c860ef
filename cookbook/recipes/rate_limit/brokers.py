"""Fetch from the queues in LIMITS only when a slot is free, so no worker waits."""

from functools import cached_property
from time import monotonic, sleep

from django_q.brokers import Broker
from django_q.brokers.orm import ORM

from .limits import LIMITS, take


class Limited(Broker):
    """Mix into a broker; `plain` is that broker."""

    plain: type[Broker]

    @cached_property
    def queues(self) -> dict[str, Broker]:
        return {name: self.plain(name) for name in LIMITS}

    @cached_property
    def closed_until(self) -> dict[str, float]:
        return {}

    def dequeue(self) -> list[tuple[object, bytes]] | None:
        for name, queue in self.queues.items():
            if self.closed_until.get(name, 0) < monotonic() and queue.queue_size():
                if not (wait := take(name, "fetch")):
                    return queue.dequeue()
                self.closed_until[name] = monotonic() + min(wait, 1)
        closed = [end for end in self.closed_until.values() if end > monotonic()]
        if closed and not self.queue_size():
            # An empty queue would block for longer.
            sleep(max(min(closed) - monotonic(), 0))
            return None
        return super().dequeue()


class LimitedORM(Limited, ORM):
    plain = ORM
