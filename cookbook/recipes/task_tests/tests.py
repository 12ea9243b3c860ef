"""Test the kit itself: what a cluster hides, a test must see."""

from unittest.mock import patch

import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import BadSignature
from django.db import connection, connections, transaction
from django.test import TestCase, TransactionTestCase, override_settings
from django_q.conf import Conf
from django_q.models import Failure, OrmQ, Schedule, Success
from django_q.tasks import async_task, schedule

from .clusters import run_cluster
from .examples import CommitTests, RegisterTests
from .mixins import QueueMixin

__all__ = ["BrokenTests", "CommitTests", "OutsideTests", "RegisterTests"]


def enqueue_itself() -> None:
    async_task(enqueue_itself)


def return_a_lambda() -> object:
    return lambda: None


def fail(*_: object) -> None:
    raise KeyError("hook")


def create_twice() -> None:
    Group.objects.create(name="twice")
    Group.objects.create(name="twice")


def send_bad_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing_like_it")


def commit() -> None:
    with transaction.atomic(durable=True):
        transaction.on_commit(lambda: async_task("math.sqrt", 4))


class BrokenTests(QueueMixin, TestCase):
    def test_a_failure_that_nobody_expects(self):
        async_task("math.sqrt", -1)
        with self.assertRaisesRegex(AssertionError, "(?s)1 tasks failed.*Traceback"):
            self.drain()

    def test_a_failure_that_does_not_come(self):
        async_task("math.sqrt", 4)
        with self.assertRaisesRegex(AssertionError, "0 tasks failed, not 1"):
            self.drain(failures=1)

    def test_a_task_that_never_ends_to_enqueue_itself(self):
        async_task(enqueue_itself)
        with self.assertRaisesRegex(AssertionError, "5 tasks ran"):
            self.drain(limit=5)

    def test_a_task_that_takes_too_long(self):
        async_task("time.sleep", 600, timeout=1)
        self.drain(failures=1)
        self.assertIn("exceeded", Failure.objects.get().result)

    def test_what_is_not_in_the_queue(self):
        with self.assertRaisesRegex(AssertionError, "there is\nnothing"):
            self.assert_enqueued("math.sqrt", 9)
        async_task("math.sqrt", 4)
        with self.assertRaisesRegex(AssertionError, r"sqrt', \(4,\)"):
            self.assert_enqueued("math.sqrt", 9)

    def test_a_task_of_another_queue(self):
        queues = {"name": "shop", "ALT_CLUSTERS": {"mail": {}}}
        with override_settings(Q_CLUSTER=queues):  # A receiver may look here.
            async_task("math.sqrt", 4, cluster="mail")
        self.assert_enqueued("math.sqrt", 4)
        self.assertEqual(self.drain()[0]["result"], 2.0)

    def test_a_result_that_cannot_be_pickled(self):
        async_task(return_a_lambda)
        with self.assertRaisesRegex(Exception, "pickle"):
            self.drain()

    def test_a_hook_that_fails(self):
        async_task("math.sqrt", 4, hook=f"{__name__}.fail")
        with self.assertRaises(KeyError) as caught:
            self.drain()
        self.assertIn("return hook", caught.exception.__notes__[0])

    def test_a_hook_that_is_not_there(self):
        async_task("math.sqrt", 4, hook="no.such.hook")
        with self.assertRaises(ImportError):
            self.drain()

    def test_a_package_that_somebody_changed(self):
        async_task("math.sqrt", 4)
        OrmQ.objects.update(payload="changed")
        with self.assertRaises(BadSignature):
            self.drain()

    def test_a_schedule_that_cannot_be_read(self):
        bad = schedule("math.sqrt", 4, schedule_type=Schedule.DAILY)
        Schedule.objects.filter(pk=bad.pk).update(args="not a literal")
        with self.assertRaises(SyntaxError):
            self.run_schedules()

    def test_an_error_of_the_database_leaves_the_transaction_whole(self):
        async_task(create_twice)
        async_task(send_bad_sql)
        async_task("math.sqrt", 4)
        self.drain(failures=2)
        self.assertEqual(Failure.objects.count(), 2)
        self.assertEqual(Success.objects.get().result, 2.0)

    def test_a_task_with_a_transaction_of_its_own(self):
        async_task(commit)
        self.assertEqual(len(self.drain()), 2)

    def test_an_error_that_the_test_handles_is_not_one_of_the_task(self):
        async_task("math.sqrt", -1)
        try:
            fail()
        except KeyError:
            self.drain(failures=1)

    def test_a_clock_that_stands_still(self):
        with time_machine.travel("2026-01-05T08:00Z", tick=False):
            async_task("math.sqrt", 4)
            self.assertEqual(len(self.drain()), 1)

    def test_settings_that_run_no_queue(self):
        with (
            patch.object(Conf, "SYNC", True),
            self.assertRaisesRegex(ImproperlyConfigured, '"sync": False'),
        ):
            self.drain()

    def test_a_broker_that_is_not_in_the_database(self):
        with (
            patch.object(Conf, "BROKER_CLASS", "django_q.brokers.Broker"),
            self.assertRaisesRegex(ImproperlyConfigured, "ORM broker"),
        ):
            self.drain()

    def test_a_cluster_cannot_see_an_open_transaction(self):
        with self.assertRaisesRegex(ImproperlyConfigured, "TransactionTestCase"):
            run_cluster().__enter__()


class OutsideTests(QueueMixin, TransactionTestCase):
    def test_an_error_of_the_database_keeps_what_was_written_before(self):
        async_task(create_twice)
        self.drain(failures=1)
        self.assertTrue(Group.objects.exists())

    def test_a_cluster_cannot_open_a_database_in_memory(self):
        with (
            patch.object(connection, "vendor", "sqlite"),
            patch.object(connection, "is_in_memory_db", lambda: True, create=True),
            patch.object(connections, "all", lambda: [connection]),
            self.assertRaisesRegex(ImproperlyConfigured, '"TEST"'),
        ):
            run_cluster().__enter__()
