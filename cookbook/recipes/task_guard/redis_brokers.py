"""The same for the Redis broker.

Needs: redis (with the Redis broker).
"""

from django_q.brokers.redis_broker import Redis

from .brokers import signer, unseal


class SealedRedis(Redis):
    def enqueue(self, task: str) -> int:
        return super().enqueue(signer().sign(task))

    def dequeue(self) -> list[tuple[None, str]]:
        return [
            (pk, unseal(package.decode(errors="replace")))
            for pk, package in super().dequeue() or []
        ]
