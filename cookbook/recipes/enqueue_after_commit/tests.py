"""Test edge cases and faults of enqueuing in a transaction. No cluster is needed."""

from functools import partial
from unittest.mock import patch

from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from .sign_up import User, sign_up_in_transaction, sign_up_on_commit, welcome


def queued() -> list[str]:
    return sorted(message.name() for message in OrmQ.objects.all())


class OnCommitTests(TestCase):
    def test_nothing_is_enqueued_before_the_commit(self):
        with self.captureOnCommitCallbacks() as callbacks:
            sign_up_on_commit("ada")
            self.assertEqual(queued(), [])
        self.assertEqual(len(callbacks), 1)  # A TestCase never commits.

    def test_a_test_can_run_what_would_run_after_the_commit(self):
        with self.captureOnCommitCallbacks(execute=True):
            ada = sign_up_on_commit("ada")
        self.assertEqual(queued(), [f"welcome-{ada.pk}"])

    def test_the_task_loads_its_row(self):
        self.assertEqual(welcome(sign_up_on_commit("ada").pk), "Welcome, ada")

    def test_django_q2_stores_100_characters_of_a_name(self):
        self.assertEqual(Task._meta.get_field("name").max_length, 100)


class TransactionTests(TransactionTestCase):
    def test_a_rollback_takes_back_the_row_and_the_task(self):
        for function in (sign_up_on_commit, sign_up_in_transaction):
            with transaction.atomic():
                function("ada")
                transaction.set_rollback(True)
            self.assertFalse(User.objects.exists())
            self.assertEqual(queued(), [])

    def test_the_outermost_commit_counts(self):
        with transaction.atomic():
            with transaction.atomic():
                sign_up_on_commit("ada")
            self.assertEqual(queued(), [])
        self.assertEqual(len(queued()), 1)

    def test_the_rollback_of_a_savepoint_takes_its_task_back(self):
        with transaction.atomic():
            with transaction.atomic():
                sign_up_on_commit("ada")
                transaction.set_rollback(True)
            sign_up_on_commit("bob")
        self.assertEqual(len(queued()), 1)

    def test_without_a_transaction_it_enqueues_at_once(self):
        transaction.on_commit(partial(async_task, "math.sqrt", 4, task_name="root"))
        self.assertEqual(queued(), ["root"])

    def test_a_lambda_reads_its_variables_at_the_commit(self):
        with transaction.atomic():
            name = "first"
            transaction.on_commit(lambda: async_task("math.sqrt", 4, task_name=name))
            name = "last"
            transaction.on_commit(lambda: async_task("math.sqrt", 4, task_name=name))
        self.assertEqual(queued(), ["last", "last"])

    def test_sqlite_gives_the_number_of_a_rolled_back_row_to_the_next_one(self):
        with transaction.atomic():
            ada = sign_up_on_commit("ada")
            transaction.set_rollback(True)
        bob = sign_up_on_commit("bob")
        self.assertEqual(bob.pk == ada.pk, connection.vendor == "sqlite")


class BrokerDownTests(TransactionTestCase):
    def setUp(self):
        broken = patch.object(
            type(get_broker()), "enqueue", side_effect=OSError("gone")
        )
        self.enterContext(broken)

    def test_the_caller_goes_on_and_the_log_says_so(self):
        with self.assertLogs("django.db.backends.base", "ERROR") as logs:
            sign_up_on_commit("ada")
        self.assertIn("gone", logs.output[0])
        self.assertTrue(User.objects.exists())

    def test_without_robust_the_caller_gets_the_error_after_the_commit(self):
        with self.assertRaises(OSError), transaction.atomic():
            User.objects.create_user("ada")
            transaction.on_commit(partial(async_task, "math.sqrt", 4))
        self.assertTrue(User.objects.exists())

    def test_in_the_transaction_nothing_is_committed(self):
        with self.assertRaises(OSError):
            sign_up_in_transaction("ada")
        self.assertFalse(User.objects.exists())
