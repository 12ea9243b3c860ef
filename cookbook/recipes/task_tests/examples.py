"""Tests of a site that sends mail in the background: write yours like these."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.test import TestCase, TransactionTestCase
from django_q.conf import Conf
from django_q.models import Failure, Schedule, Success, Task
from django_q.tasks import async_chain, async_task, schedule

from .mixins import QueueMixin


def welcome(user_id: int) -> str:
    """The task."""
    user = User.objects.get(pk=user_id)
    mail.send_mail("Welcome", f"Hello {user.username}", None, [user.email])
    return user.email


def report(task: Task) -> None:
    """The hook."""
    if not task.success:
        mail.send_mail("Failed", task.name, None, ["staff@example.com"])


HOOK = f"{__name__}.report"


def register(name: str) -> User:
    """What the view calls."""
    with transaction.atomic():
        user = User.objects.create(username=name, email=f"{name}@example.com")
        transaction.on_commit(lambda: async_task(welcome, user.pk, hook=HOOK))
    return user


class RegisterTests(QueueMixin, TestCase):
    def test_the_task_is_enqueued_after_the_commit(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            user = register("zofie")
            self.assertEqual(self.read_queue(), [])
        task = self.assert_enqueued(welcome, user.pk)
        self.assertEqual(task["hook"], HOOK)

    def test_the_task_runs(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            register("zofie")
        self.drain()
        self.assertEqual(mail.outbox[0].to, ["zofie@example.com"])
        self.assertEqual(Success.objects.get().result, "zofie@example.com")

    def test_a_failure_has_a_row_and_calls_the_hook(self) -> None:
        async_task(welcome, 0, hook=HOOK)
        self.drain(failures=1)
        self.assertIn("DoesNotExist", Failure.objects.get().result)
        self.assertEqual(mail.outbox[0].subject, "Failed")

    def test_a_failure_runs_again_after_retry(self) -> None:
        with time_machine.travel(datetime(2026, 1, 5, tzinfo=UTC)) as clock:
            async_task(welcome, 0)
            self.drain(failures=1)
            clock.shift(Conf.RETRY + 1)
            self.drain(failures=1)
        self.assertEqual(Failure.objects.get().attempt_count, 2)

    def test_a_chain(self) -> None:
        user = User.objects.create(username="ali", email="ali@example.com")
        async_chain([(welcome, (user.pk,)), ("math.sqrt", (4,))])
        self.assertEqual([one["result"] for one in self.drain()], [user.email, 2.0])

    def test_a_schedule(self) -> None:
        with time_machine.travel(datetime(2026, 1, 5, 8, tzinfo=UTC)) as clock:
            nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
            schedule("math.sqrt", 9, schedule_type=Schedule.DAILY, next_run=nine)
            self.run_schedules()
            self.assertEqual(self.read_queue(), [])
            clock.shift(timedelta(hours=1, seconds=1))
            self.run_schedules()
            self.assertEqual(self.drain()[0]["result"], 3.0)
        self.assertEqual(Schedule.objects.get().next_run, nine + timedelta(days=1))


class CommitTests(QueueMixin, TransactionTestCase):
    def test_each_commit_is_real(self) -> None:
        register("zofie")
        self.drain()
        self.assertEqual(mail.outbox[0].to, ["zofie@example.com"])
