"""Brokers that honour SECRET_KEY_FALLBACKS, for `broker_class` in Q_CLUSTER."""

from django_q.brokers.orm import ORM
from django_q.brokers.redis_broker import Redis

from .signatures import resign


class RollingORM(ORM):
    def dequeue(self) -> list[tuple[int, str]]:
        return [(pk, resign(package)) for pk, package in super().dequeue() or []]


class RollingRedis(Redis):
    def dequeue(self) -> list[tuple[None, str]]:
        return [
            (pk, resign(package.decode(errors="replace")))
            for pk, package in super().dequeue() or []
        ]
