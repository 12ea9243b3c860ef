"""The same for the Redis broker.

Needs: redis (with the Redis broker).
"""

from django_q.brokers.redis_broker import Redis

from .signatures import resign


class RollingRedis(Redis):
    def dequeue(self) -> list[tuple[None, str]]:
        return [
            (pk, resign(package.decode(errors="replace")))
            for pk, package in super().dequeue() or []
        ]
