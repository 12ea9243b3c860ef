"""A broker of one's own, for `broker_class`."""

from django_q.brokers.orm import ORM


class NewestFirst(ORM):
    """The ORM broker, with the newest task first."""

    @staticmethod
    def get_connection(list_key=None):
        return ORM.get_connection(list_key).order_by("-pk")
