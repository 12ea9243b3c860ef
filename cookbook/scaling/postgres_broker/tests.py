"""What the broker promises, on PostgreSQL; on another database, that it steps aside."""

from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from threading import Thread
from time import monotonic
from unittest import skipUnless
from unittest.mock import Mock, patch

from django.apps import apps
from django.db import DataError, connection, transaction
from django.db.models.functions import Now
from django.test import SimpleTestCase, TestCase
from django.test.utils import CaptureQueriesContext
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

from .broker import PostgresBroker

with suppress(ImportError):  # Beside SQLite there may be no driver.
    from . import listener

IS_POSTGRESQL = connection.vendor == "postgresql"
migration = import_module(f"{__package__}.migrations.0001_wake")


class AnywhereTests(TestCase):
    """What holds on every database, and inside of a transaction."""

    def setUp(self):
        self.broker = PostgresBroker("shop")

    def test_tasks_go_through_the_queue_in_order(self):
        self.broker.enqueue("first")
        pks = self.broker.enqueue_many(["second", "third"])
        self.assertEqual([str(row.pk) for row in OrmQ.objects.order_by("pk")][1:], pks)
        self.assertEqual(self.broker.queue_size(), 3)
        with patch.object(Conf, "BULK", 5):
            tasks = self.broker.dequeue()
        self.assertEqual([task for _, task in tasks], ["first", "second", "third"])
        self.assertEqual(self.broker.queue_size(), 0)
        self.assertEqual(self.broker.lock_size(), 3)
        self.broker.acknowledge(tasks[0][0])
        self.broker.fail(tasks[1][0])
        self.broker.delete(pks[-1])
        self.assertEqual(self.broker.lock_size(), 0)

    def test_a_transaction_of_another_database_is_left_alone(self):
        # The database of the queue would be in no transaction.
        queue = "django_q.brokers.orm.transaction.get_autocommit"
        close = "django_q.brokers.orm.db.close_old_connections"
        with patch(queue, return_value=True), patch(close) as close:
            self.broker.enqueue("first")
            self.broker.queue_size()
        close.assert_not_called()

    def test_an_empty_list(self):
        self.assertEqual(self.broker.enqueue_many([]), [])

    def test_a_task_that_is_too_large(self):
        with patch.object(self.broker, "largest", 1000):
            with self.assertRaisesMessage(ValueError, "1,001 bytes of tasks are more"):
                self.broker.enqueue("x" * 1001)
            self.assertIsNotNone(self.broker.enqueue("x" * 1000))

    def test_it_says_who_it_is(self):
        self.assertEqual(self.broker.info(), f"PostgresBroker {Conf.ORM}")
        self.assertTrue(self.broker.ping())

    def test_another_database(self):
        with patch.object(connection, "vendor", "sqlite"):
            self.broker.enqueue_many(["first"])
            self.assertEqual(self.broker.queue_size(), 1)
            self.assertEqual(self.broker.dequeue()[0][1], "first")
            self.assertEqual(self.broker.lock_size(), 1)
            editor = Mock(connection=connection)
            migration.run(migration.ADD)(apps, editor)
        editor.execute.assert_not_called()


@skipUnless(IS_POSTGRESQL, "needs PostgreSQL")
class ListenerTests(SimpleTestCase):
    """Its own connection sees what is committed, so no transaction is around these."""

    databases = ["default"]

    def setUp(self):
        self.broker = self.new("shop")
        self.enterContext(patch.object(Conf, "POLL", 0.01))
        self.enterContext(patch.object(listener, "STEP", 0.1))
        self.addCleanup(OrmQ.objects.all().delete)

    def new(self, queue, **options):
        broker = PostgresBroker(queue, **options)
        self.addCleanup(lambda: broker.listener and broker.listener.close())
        return broker

    def fetch(self, broker=None, seconds=60):
        """Call `dequeue` as a pusher does, until there is a task."""
        end = monotonic() + seconds
        while not (tasks := (broker or self.broker).dequeue()):
            assert monotonic() < end
        return [task for _, task in tasks]

    def idle(self, broker=None):
        """Return a broker that waits for a notification, and counts its queries."""
        broker = broker or self.broker
        end = monotonic() + 60
        while broker.dequeue() is None and broker.listener.polls:
            assert monotonic() < end
        while broker.listener.look_at < monotonic() + 30:
            assert broker.dequeue() is None
        return broker

    def queries(self, broker):
        fetch = broker.listener.fetch
        return patch.object(broker.listener, "fetch", wraps=fetch)

    def test_a_fetch_is_in_order_and_locks(self):
        for task in ("first", "second", "third"):
            ORM("shop").enqueue(task)
        with patch.object(Conf, "BULK", 2):
            self.assertEqual(self.fetch(), ["first", "second"])
            self.assertEqual(self.fetch(self.new("shop")), ["third"])

    def test_one_statement_acknowledges(self):
        pk = self.broker.enqueue("task")
        with CaptureQueriesContext(connection) as queries:
            self.broker.acknowledge(pk)
        self.assertEqual(len(queries), 1)
        self.assertEqual(self.broker.queue_size(), 0)

    def test_a_row_that_another_cluster_fetches_is_skipped(self):
        self.broker.enqueue_many(["first", "second"])
        with transaction.atomic():
            OrmQ.objects.select_for_update().get(payload="first")
            others = []
            thread = Thread(target=lambda: others.extend(self.fetch()))
            thread.start()
            thread.join()
        self.assertEqual(others, ["second"])
        self.assertEqual(self.fetch(), ["first"])

    def test_all_or_none(self):
        with self.assertRaises(DataError):
            self.broker.enqueue_many(["good", "bad\0"])
        self.assertEqual(self.broker.queue_size(), 0)

    def test_a_head_start(self):
        self.broker.enqueue("usual")
        self.new("shop", head_start=60).enqueue("urgent")
        self.assertEqual(self.fetch(), ["urgent"])
        self.assertEqual(self.fetch(), ["usual"])

    def test_idle_it_makes_no_query(self):
        broker = self.idle()
        with self.queries(broker) as fetch:
            self.assertIsNone(broker.dequeue())
        fetch.assert_not_called()
        broker.listener.look_at = 0  # A minute is over.
        with self.queries(broker) as fetch:
            self.assertIsNone(broker.dequeue())
        fetch.assert_called_once()

    def test_every_way_into_the_table_wakes_it(self):
        broker = self.idle()
        row = {"key": "shop", "payload": "task", "lock": Now()}
        for insert in (
            lambda: ORM("shop").enqueue("task"),
            lambda: OrmQ.objects.bulk_create([OrmQ(**row)]),
            lambda: OrmQ.objects.create(**row),
        ):
            insert()
            self.assertEqual(self.fetch(), ["task"])
            self.idle(broker)

    def test_another_queue_does_not_wake_it(self):
        broker = self.idle()
        ORM("other").enqueue("task")
        with self.queries(broker) as fetch:
            self.assertIsNone(broker.dequeue())
        fetch.assert_not_called()

    def test_a_transaction_wakes_it_when_it_commits(self):
        broker = self.idle()
        with transaction.atomic():
            PostgresBroker("shop").enqueue("task")
            thread = Thread(target=lambda: self.assertIsNone(broker.dequeue()))
            thread.start()
            thread.join()
        self.assertEqual(self.fetch(), ["task"])

    def test_a_lock_that_ends_is_not_slept_through(self):
        with patch.object(Conf, "RETRY", 1):
            self.broker.enqueue("task")
            self.assertEqual(self.fetch(), ["task"])
        self.assertIsNone(self.broker.dequeue())
        self.assertLess(self.broker.listener.look_at, monotonic() + 2)
        self.assertEqual(self.fetch(), ["task"])

    def test_a_lock_of_a_clock_that_is_ahead(self):
        OrmQ.objects.create(
            key="shop", payload="task", lock=Now() + timedelta(seconds=1)
        )
        self.assertEqual(self.fetch(), ["task"])

    def test_a_process_that_was_forked_has_a_connection_of_its_own(self):
        first = self.idle().listener
        self.addCleanup(first.close)
        with patch("os.getpid", return_value=-1):
            self.broker.dequeue()
            self.assertIsNot(self.broker.listener.connection, first.connection)

    # Bad days.

    def terminate(self):
        with connection.cursor() as cursor:
            pid = self.broker.listener.connection.info.backend_pid
            cursor.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])

    def test_the_connection_is_lost_while_it_waits(self):
        self.idle()
        self.terminate()
        self.broker.enqueue("task")
        with self.assertLogs("django-q", "ERROR") as logs:
            self.assertEqual(self.fetch(), ["task"])
        self.assertEqual(len(logs.records), 1)
        self.assertIn("shop: tries each second to fetch tasks: ", logs.output[0])

    def test_the_database_is_gone_for_longer(self):
        answer, tries = listener.psycopg.connect, []

        def connect(**parameters):
            tries.append(parameters)
            if len(tries) < 4:
                raise listener.psycopg.OperationalError("Connection refused")
            return answer(**parameters)

        self.broker.enqueue("task")
        with (
            patch.object(listener.psycopg, "connect", connect),
            self.assertLogs("django-q", "ERROR") as logs,
        ):
            self.assertEqual(self.fetch(), ["task"])
        self.assertEqual(len(logs.records), 1)

    def test_without_its_migration_it_polls(self):
        self.migrate(migration.REMOVE)
        self.addCleanup(self.migrate, migration.ADD)
        with self.assertLogs("django-q", "WARNING") as logs:
            self.assertIsNone(self.broker.dequeue())
        self.assertIn("the index is missing: run manage.py migrate", logs.output[0])
        self.assertIn("polls, because the trigger is missing", logs.output[1])
        ORM("shop").enqueue("task")
        self.assertEqual(self.fetch(), ["task"])

    def migrate(self, statements):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def test_behind_a_pooler_it_polls(self):
        with patch.object(listener, "LISTEN", "SELECT 1"):
            self.assertIsNone(self.broker.dequeue())
        self.broker.listener.check_at = 0
        with self.assertLogs("django-q", "WARNING") as logs:
            self.broker.enqueue("task")
            self.assertEqual(self.fetch(), ["task"])
            self.assertIsNone(self.broker.dequeue())
        self.assertIn("polls, because NOTIFY does not arrive", logs.output[0])
        ORM("shop").enqueue("task")
        self.assertEqual(self.fetch(), ["task"])
        self.broker.listener.connection.execute(listener.LISTEN)
        self.broker.listener.check_at = 0
        self.idle()
