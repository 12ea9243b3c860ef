"""Test that no transaction of the site is closed. One database is enough."""

from unittest.mock import patch

from django.db import transaction
from django.test import TransactionTestCase
from django_q.tasks import async_task

from .broker import QueueORM

CLOSE = "django_q.brokers.orm.db.close_old_connections"


class BrokerTests(TransactionTestCase):
    def setUp(self):
        self.broker = QueueORM("shop")
        # The database of the queue is in no transaction, as a second one would be.
        queue = "django_q.brokers.orm.transaction.get_autocommit"
        self.enterContext(patch(queue, return_value=True))

    def test_an_open_transaction_is_left_alone(self):
        with patch(CLOSE) as close, transaction.atomic():
            async_task("math.sqrt", 4, broker=self.broker)
        close.assert_not_called()
        self.assertEqual(self.broker.queue_size(), 1)

    def test_outside_old_connections_are_closed(self):
        with patch(CLOSE) as close:
            async_task("math.sqrt", 4, broker=self.broker)
        close.assert_called_once_with()

    def test_it_fetches_and_acknowledges(self):
        async_task("math.sqrt", 4, broker=self.broker)
        ((receipt, _),) = self.broker.dequeue()
        self.assertEqual(self.broker.lock_size(), 1)
        self.broker.acknowledge(receipt)
        self.assertEqual(self.broker.lock_size(), 0)
