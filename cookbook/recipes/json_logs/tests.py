"""What a line holds, where its id comes from, and what a broken receiver costs."""

import io
import json
import logging
from multiprocessing import Value
from queue import Queue
from unittest import mock

from django.core.signals import request_started
from django.test import SimpleTestCase, TestCase
from django_q.signing import SignedPackage
from django_q.tasks import async_task
from django_q.worker import worker
from pythonjsonlogger.json import JsonFormatter

from . import receivers
from .request_ids import RequestIdFilter, request_id

BROKER = mock.Mock(list_key="shop")  # It keeps what a task sends.


def divide(one: float, other: float) -> float:
    return one / other


def send_another() -> None:
    async_task(divide, 1, 1, broker=BROKER)


def run(function, *arguments: object, **options: object) -> None:
    """Enqueue a task and run it as a worker does, in this process."""
    packages: list[dict] = []
    broker = mock.Mock(list_key="shop", enqueue=packages.append)
    async_task(function, *arguments, broker=broker, **options)
    tasks: Queue = Queue()
    tasks.put(SignedPackage.loads(packages[0]))
    tasks.put("STOP")
    worker(tasks, Queue(), Value("f", -1))


class Lines(TestCase):
    def setUp(self):
        self.addCleanup(request_id.set, request_id.get())
        request_id.set("")

    def lines(self, function, *arguments: object) -> list[dict]:
        """Return the lines of production while a task is enqueued and run."""
        handler = logging.StreamHandler(io.StringIO())
        handler.addFilter(RequestIdFilter())
        form = "{levelname} {message} {request_id}"
        handler.setFormatter(JsonFormatter(form, style="{"))
        self.addCleanup(receivers.logger.setLevel, receivers.logger.level)
        receivers.logger.setLevel(logging.INFO)
        receivers.logger.addHandler(handler)
        run(function, *arguments)
        receivers.logger.removeHandler(handler)
        return list(map(json.loads, handler.stream.getvalue().splitlines()))


class JsonLinesTests(Lines):
    def test_a_line_for_a_task(self):
        request_id.set("abc")
        [line] = self.lines(divide, 1, 2)
        self.assertEqual(line["message"], "task " + line["function"])
        self.assertTrue(line["function"].endswith("tests.divide"))
        self.assertEqual(line["request_id"], "abc")
        self.assertEqual((line["levelname"], line["success"]), ("INFO", True))
        self.assertLess(line["seconds"], 60)

    def test_a_failure_is_an_error_with_its_traceback(self):
        [line] = self.lines(divide, 1, 0)
        self.assertEqual((line["levelname"], line["success"]), ("ERROR", False))
        self.assertIn("ZeroDivisionError", line["error"])

    def test_a_failure_with_sync_has_a_line(self):
        with self.assertLogs("tasks", "ERROR"), self.assertRaises(ZeroDivisionError):
            async_task(divide, 1, 0, sync=True)

    def test_a_task_that_a_task_sends_has_the_same_id(self):
        request_id.set("abc")
        self.lines(send_another)
        package = SignedPackage.loads(BROKER.enqueue.call_args.args[0])
        self.assertEqual(package["request_id"], "abc")

    def test_a_task_without_a_request_has_an_id_of_its_own(self):
        [line] = self.lines(divide, 1, 2)
        self.assertRegex(line["request_id"], r"^[0-9a-f]{32}$")


class RequestIdTests(SimpleTestCase):
    def begin(self, **header: object) -> str:
        self.addCleanup(request_id.set, request_id.get())
        request_started.send(sender=None, **header)
        return request_id.get()

    def test_wsgi(self):
        self.assertEqual(self.begin(environ={"HTTP_X_REQUEST_ID": "a-1"}), "a-1")

    def test_asgi(self):
        scope = {"headers": [(b"x-request-id", b"a-1")]}
        self.assertEqual(self.begin(scope=scope), "a-1")

    def test_what_would_break_a_log(self):
        for value in ("", "a\nb", "a b", "x" * 65, "\u00fc"):
            with self.subTest(value=value):
                new = self.begin(environ={"HTTP_X_REQUEST_ID": value})
                self.assertRegex(new, r"^[0-9a-f]{32}$")


class ReceiverTests(Lines):
    def test_a_broken_receiver_costs_no_task(self):
        broken = mock.patch.object(receivers, "request_id", None)
        with broken, self.assertLogs("tasks", "ERROR") as logs:
            self.assertEqual(len(async_task(divide, 1, 2, sync=True)), 32)
        self.assertIn("give_id failed", logs.output[0])
