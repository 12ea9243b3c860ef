"""Test what is accepted and what is shown. No cluster is needed."""

import os
import pickle
from importlib.util import find_spec
from typing import Any
from unittest import skipUnless
from unittest.mock import Mock, patch

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase, TestCase, TransactionTestCase
from django_q.conf import Conf
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ, Success
from django_q.scheduler import scheduler
from django_q.signing import BadSignature, SignedPackage
from django_q.tasks import async_task, schedule

from .brokers import SealedORM, unseal
from .guard import Guard, TaskError
from .tasks import RefundForm, refund


def itself() -> list[Any]:
    values: list[Any] = []
    values.append(values)
    return values


class EnqueueTests(TestCase):
    def test_valid_arguments_are_enqueued(self):
        refund.enqueue(order=7, reason="late", q_options={"group": "refunds"})
        task = OrmQ.objects.get().task
        self.assertEqual(task["args"], ({"order": 7, "reason": "late"},))
        self.assertEqual((task["kwargs"], task["group"]), ({}, "refunds"))

    def test_other_arguments_are_refused_and_nothing_is_enqueued(self):
        for data in (
            {}, {"order": 7}, {"order": -1, "reason": "late"},
            {"order": "seven", "reason": "late"}, {"order": None, "reason": "late"},
            {"order": 7, "reason": "x" * 201}, {"order": 7, "reason": "\0"},
            {"order": 7, "reason": "late", "hook": "os.system"},
            {"order": 7, "reason": "late", "sync": True},
            {"order": 7, "reason": object()}, {"order": 7, "reason": itself()},
            {"order": float("nan"), "reason": "late"},
            {"order": 7, "reason": "x" * 10_001},
        ):  # fmt: skip
            with self.assertRaises(ValidationError):
                refund.enqueue(**data)
        self.assertFalse(OrmQ.objects.exists())

    def test_the_options_of_the_caller_stay_as_they_are(self):
        options = {"task_name": "one"}
        refund.enqueue(order=7, reason="late", q_options=options)
        self.assertEqual(options, {"task_name": "one"})

    def test_the_task_itself_cannot_be_enqueued(self):
        with self.assertRaises((pickle.PicklingError, AttributeError)):
            async_task(refund, {"order": 7, "reason": "late"})


class WorkerTests(TestCase):
    def test_the_worker_checks_again(self):
        for data in ({"order": -1, "reason": "late"}, {"order": 7}, "no dictionary"):
            with (
                self.assertLogs("private", "ERROR"),
                self.assertRaisesRegex(TaskError, "^(Validation|Attribute)Error, ref"),
            ):
                refund(data)

    def test_an_error_has_a_reference_and_the_private_log_has_the_rest(self):
        with (
            self.assertLogs("private", "ERROR") as logs,
            self.assertRaises(TaskError) as caught,
        ):
            async_task(refund.path, {"order": 0, "reason": "late"}, sync=True)
        name, _, reference = str(caught.exception).partition(", reference ")
        self.assertEqual(name, "ConnectionError")
        self.assertIsNone(caught.exception.__cause__)
        self.assertTrue(caught.exception.__suppress_context__)
        self.assertIn(reference, logs.output[0])
        self.assertIn("hunter2", logs.output[0])

    def test_a_result_that_is_no_json_or_too_long_is_only_its_class(self):
        for result, text in (
            ({"paid": 7}, {"paid": 7}), (object(), "<object>"), (itself(), "<list>"),
            ((one for one in "ab"), "<generator>"), ("x" * 100_000, "<str>"),
        ):  # fmt: skip
            task = Guard(lambda order, reason, result=result: result, RefundForm, 1000)
            self.assertEqual(task({"order": 7, "reason": "late"}), text)

    def test_a_timeout_is_left_to_django_q2(self):
        late = Mock(side_effect=TimeoutException("late"), __name__="task")
        with self.assertRaises(TimeoutException):
            Guard(late, RefundForm, 1000)({"order": 7, "reason": "late"})

    def test_a_success_is_stored(self):
        data = {"order": 7, "reason": "late"}
        task = async_task(refund.path, data, sync=True)
        self.assertEqual(Success.objects.get(pk=task).result, "refunded 7")


class ScheduleTests(TransactionTestCase):  # The scheduler closes the connection.
    def test_a_schedule_can_call_it(self):
        schedule(refund.path, {"order": 7, "reason": "late"})
        scheduler()
        task = OrmQ.objects.get().task
        self.assertEqual(refund(*task["args"]), "refunded 7")


class SealTests(TestCase):
    def setUp(self):
        self.enterContext(patch.dict(os.environ, QUEUE_KEY="a key of the queue"))

    def test_what_it_enqueues_it_delivers(self):
        broker = SealedORM()
        task = async_task("math.sqrt", 4, broker=broker)
        self.assertEqual(OrmQ.objects.get().task_id(), "*BadSignature")  # The admin.
        [(_, package)] = broker.dequeue()
        self.assertEqual(SignedPackage.loads(package)["id"], task)
        with patch.object(Conf, "POLL", 0):
            self.assertEqual(broker.dequeue(), [])

    def test_what_secret_key_alone_has_signed_is_not_delivered(self):
        async_task("math.sqrt", 4)
        [(_, package)] = SealedORM().dequeue()
        with self.assertRaises(BadSignature):
            SignedPackage.loads(package)

    @skipUnless(find_spec("redis"), "needs redis")
    def test_on_redis(self):
        from .redis_brokers import SealedRedis

        place = "django_q.brokers.redis_broker.Redis.get_connection"
        with patch(place) as connection:
            broker = SealedRedis()
            broker.enqueue("package")
            [(_, sealed), _] = connection.return_value.rpush.call_args
            self.assertNotEqual(sealed, "package")
            for value, package in (
                (sealed.encode(), "package"), (b"package", ""), (b"\xff", "")
            ):  # fmt: skip
                connection.return_value.blpop.return_value = ("queue", value)
                self.assertEqual(broker.dequeue(), [(None, package)])
            connection.return_value.blpop.return_value = None
            self.assertEqual(broker.dequeue(), [])


class KeyTests(SimpleTestCase):
    def test_without_a_key_nothing_is_enqueued(self):
        with patch.dict(os.environ), self.assertRaises(KeyError):
            os.environ.pop("QUEUE_KEY", None)
            unseal("package")
