"""The ORM broker that honours SECRET_KEY_FALLBACKS, for `broker_class` in Q_CLUSTER."""

from django_q.brokers.orm import ORM

from .signatures import resign


class RollingORM(ORM):
    def dequeue(self) -> list[tuple[int, str]]:
        return [(pk, resign(package)) for pk, package in super().dequeue() or []]
