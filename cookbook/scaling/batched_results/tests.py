"""What is batched, and what happens when the database refuses; no cluster needed."""

import uuid
from queue import Empty
from typing import Any
from unittest.mock import Mock, patch

from django.db import OperationalError
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.test import SimpleTestCase, TransactionTestCase
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import Failure, OrmQ, Success, Task
from django_q.tasks import async_task

from . import receivers, writer
from .writer import ACK_ID


def ended(**options: Any) -> dict[str, Any]:
    """Return the package of a task that has just ended."""
    now = timezone.now()
    return {
        "id": uuid.uuid4().hex, "name": "task", "func": "math.sqrt", "args": (4,),
        "kwargs": {}, "started": now, "stopped": now, "result": 2.0, "success": True,
        "cluster": "shop", "ack_id": 7,
    } | options  # fmt: skip


class Other(ORM):
    def __init__(self, list_key: str):
        super().__init__(list_key)
        self.acknowledged: list[str] = []

    def acknowledge(self, task_id: str) -> None:
        self.acknowledged.append(task_id)


class ReceiverTests(SimpleTestCase):
    def setUp(self):
        self.enterContext(patch.object(Conf, "SAVE_LIMIT", 0))
        self.enterContext(patch.object(receivers, "parent_process"))

    def test_a_task_in_the_process_of_a_test(self):
        with patch.object(receivers, "parent_process", return_value=None):
            receivers.choose(task := ended())
        self.assertEqual(task["ack_id"], 7)

    def test_a_success_is_collected_and_other_receivers_see_it_as_ever(self):
        task = ended()
        receivers.choose(task)
        self.assertEqual((task["save"], "ack_id" in task), (False, False))
        with patch.object(receivers, "start") as start:
            receivers.collect(task)
        [[batched]] = [call.args for call in start().put.call_args_list]
        self.assertEqual(batched[ACK_ID], 7)
        self.assertEqual({"save", "ack_id", ACK_ID} & set(task), set())

    def test_others_go_the_usual_way(self):
        hook, chain = {"hook": "shop.notify"}, {"chain": ["shop.next"]}
        for options in (
            hook, chain, {"cached": 60}, {"sync": True}, {"save": True},
            {"save": False}, {"success": False},
        ):  # fmt: skip
            with self.subTest(options):
                task = ended(**options)
                receivers.choose(task)
                receivers.collect(task)
                self.assertEqual(task, ended(**options) | task)
                self.assertEqual(task["ack_id"], 7)

    def test_another_save_limit(self):
        for limit in (-1, 250):
            with self.subTest(limit), patch.object(Conf, "SAVE_LIMIT", limit):
                receivers.choose(task := ended())
                self.assertEqual(task["ack_id"], 7)


class ThreadTests(SimpleTestCase):
    def setUp(self):
        writer.start.cache_clear()
        self.addCleanup(writer.start.cache_clear)

    def test_one_thread_in_each_process(self):
        with patch.object(writer, "Thread") as thread:
            self.assertIs(writer.start(), writer.start())
        thread().start.assert_called_once_with()

    def test_the_end_of_the_process_writes_what_is_left(self):
        results = Mock(get=Mock(side_effect=[Empty, 1, 2, 3, Empty]))
        results.qsize.return_value = 2
        with (
            patch.object(writer, "main_thread") as main,
            patch.object(writer.db, "connections") as connections,
            patch.object(writer, "sleep"),
            patch.object(writer, "write", side_effect=[False, True]) as write,
        ):
            main().is_alive.side_effect = [True, False]
            writer.run(results)
        self.assertEqual([c.args for c in write.call_args_list], [([1, 2, 3],)] * 2)
        connections.close_all.assert_called_once_with()


class WriterTests(TransactionTestCase):
    def setUp(self):
        self.broker = ORM("shop")
        self.enterContext(patch.object(writer, "broker", lambda: self.broker))
        self.signals: list[Task] = []
        post_save.connect(self.receive, sender=Task)
        self.addCleanup(post_save.disconnect, self.receive, sender=Task)

    def receive(self, instance: Task, **_: object) -> None:
        self.signals.append(instance)

    def write(self, *tasks: dict[str, Any]) -> bool:
        return writer.write([{ACK_ID: None} | task for task in tasks])

    def test_rows_then_acknowledgements(self):
        async_task("math.sqrt", 4, broker=self.broker)
        async_task("math.sqrt", 9, broker=self.broker)
        ids = OrmQ.objects.values_list("pk", flat=True)
        tasks = [ended(group="roots") | {ACK_ID: pk} for pk in ids]
        self.assertTrue(self.write(*tasks))
        self.assertFalse(OrmQ.objects.exists())
        row = Success.objects.get(pk=tasks[0]["id"])
        self.assertEqual((row.result, row.group, row.cluster), (2, "roots", "shop"))
        self.assertEqual((row.args, row.kwargs, row.attempt_count), ((4,), {}, 1))
        self.assertEqual(len(self.signals), 2)

    def test_another_broker_acknowledges_each(self):
        self.broker = Other("shop")
        self.assertTrue(self.write(ended() | {ACK_ID: "a"}, ended() | {ACK_ID: "b"}))
        self.assertEqual(self.broker.acknowledged, ["a", "b"])

    def test_without_the_database_nothing_is_acknowledged(self):
        self.broker = Other("shop")
        gone = OperationalError("gone")
        for when in (Task.objects, "using"), (QuerySet, "bulk_create"):
            with (
                self.subTest(when),
                patch.object(*when, side_effect=gone),
                patch.object(Task, "save", side_effect=gone),
                self.assertLogs(writer.logger, "ERROR"),
            ):
                self.assertFalse(self.write(ended() | {ACK_ID: "a"}))
        self.assertEqual(self.broker.acknowledged, [])

    def test_a_task_that_ran_twice_has_one_row(self):
        task = ended()
        self.assertTrue(self.write(task, task | {"result": 3}, ended()))
        self.assertEqual(Success.objects.get(pk=task["id"]).result, 2)
        self.assertEqual(Success.objects.count(), 2)

    def test_a_success_replaces_the_failure_before(self):
        task = ended()
        row = writer.as_row(task | {"result": "error"})
        row.success = False
        row.save()
        self.assertTrue(self.write(task))
        row.refresh_from_db()
        self.assertEqual((row.success, row.result, row.attempt_count), (True, 2, 2))

    def test_a_refused_row_becomes_a_failure_and_the_others_are_kept(self):
        strange = ended(name="\ud800" + "x" * 200)  # No database stores it.
        with self.assertLogs(writer.logger, "ERROR"):
            self.assertTrue(self.write(ended(), strange, ended()))
        self.assertEqual(Success.objects.count(), 2)
        failure = Failure.objects.get()
        self.assertEqual((failure.pk, len(failure.name)), (strange["id"], 100))
        self.assertIn("its result was not saved: UnicodeEncodeError", failure.result)

    def test_an_error_in_a_receiver_of_post_save_costs_no_result(self):
        self.signals = Mock(append=Mock(side_effect=ValueError))
        task = ended()
        with self.assertLogs(level="ERROR"):
            self.assertTrue(self.write(task))
            self.assertTrue(self.write(task, ended()))
        self.assertEqual(Success.objects.count(), 2)


class BrokerTests(SimpleTestCase):
    def test_one_for_each_process(self):
        writer.broker.cache_clear()
        self.addCleanup(writer.broker.cache_clear)
        with patch.object(writer, "get_broker") as get:
            self.assertIs(writer.broker(), writer.broker())
        get.assert_called_once_with()
