"""Sign the queue with SECRET_KEY, where SECRET_KEY_FALLBACKS holds its old key."""

from django.core.management.base import BaseCommand
from django_q.brokers import get_broker
from django_q.conf import Conf

from ...signatures import resign_list, resign_rows


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("queues", nargs="*", default=[Conf.CLUSTER_NAME])

    def handle(self, queues, **_):
        if Conf.ORM:
            changed = resign_rows()  # One table holds every queue.
        else:
            brokers = [get_broker(queue) for queue in queues]
            changed = sum(resign_list(b.connection, b.list_key) for b in brokers)
        self.stdout.write(f"{changed} signed anew")
