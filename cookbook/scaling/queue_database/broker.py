"""An ORM broker that leaves the transactions of other databases alone."""

from django.db import connections
from django.db.models import QuerySet
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ


class QueueORM(ORM):
    """The ORM broker, for a queue in a database of its own.

    Django-Q2's closes all old connections before it enqueues, unless its own database
    is in a transaction. To Django a connection in a transaction is old too.
    """

    @staticmethod
    def get_connection(list_key: str | None = None) -> QuerySet[OrmQ]:
        if any(one.in_atomic_block for one in connections.all(initialized_only=True)):
            return OrmQ.objects.using(Conf.ORM)
        return ORM.get_connection(list_key)
