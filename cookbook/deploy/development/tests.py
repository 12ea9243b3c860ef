"""What a task with `sync` does, and what it does not."""

from contextlib import suppress
from time import sleep

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import SimpleTestCase, TransactionTestCase
from django_q.exceptions import TimeoutException
from django_q.models import Failure
from django_q.tasks import async_task, fetch, result

from .environments import q_cluster

heard = []


def hear(task):
    heard.append(task.result)


class EnvironmentTests(SimpleTestCase):
    def test_a_misspelt_environment_is_an_error(self):
        with self.assertRaisesMessage(ImproperlyConfigured, "it must be one of"):
            q_cluster("producton")


class SyncTests(TransactionTestCase):
    def test_result_and_hook_are_there_at_once(self):
        task = async_task(int, "7", sync=True, hook=hear)
        self.assertEqual((result(task), heard), (7, [7]))

    def test_an_error_is_raised_and_not_stored(self):
        with self.assertRaisesMessage(ValueError, "seven"):
            async_task(int, "seven", sync=True)
        self.assertFalse(Failure.objects.exists())

    def test_the_result_is_part_of_the_transaction(self):
        with suppress(ZeroDivisionError), transaction.atomic():
            task = async_task(int, "8", sync=True)
            raise ZeroDivisionError
        self.assertIsNone(fetch(task))

    def test_arguments_are_pickled(self):
        with self.assertRaisesMessage(TypeError, "cannot pickle"):
            async_task(sum, (n for n in (3, 4)), sync=True)

    def test_the_time_is_limited(self):
        with self.assertRaises(TimeoutException):
            async_task(sleep, 5, sync=True, timeout=1)
