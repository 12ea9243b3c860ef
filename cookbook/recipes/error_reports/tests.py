"""Events as Sentry would get them; a transport keeps them in memory."""

import logging
from multiprocessing import Value
from queue import Queue
from unittest import mock

import sentry_sdk
from django.test import TestCase
from django_q.signing import SignedPackage
from django_q.tasks import async_task
from django_q.worker import worker
from sentry_sdk.transport import Transport

from . import reports


class Memory(Transport):
    """Keep what would be sent."""

    def __init__(self, options=None):
        super().__init__(options)
        self.events = []

    def capture_envelope(self, envelope):
        self.events.append(envelope.get_event())


def divide(one: float, other: float) -> float:
    return one / other


def refuse(text: str) -> None:
    raise LookupError(text)


def look_up(key: str) -> str:
    return {}[key]


def run(function, *arguments: object, **options: object) -> None:
    """Enqueue a task and run it as a worker does, in this process."""
    packages: list[dict] = []
    broker = mock.Mock(list_key="shop", enqueue=packages.append)
    async_task(function, *arguments, broker=broker, **options)
    tasks: Queue = Queue()
    tasks.put(SignedPackage.loads(packages[0]))
    tasks.put("STOP")
    worker(tasks, Queue(), Value("f", -1))


class ErrorReportsTests(TestCase):
    def setUp(self):
        self.transport = Memory()
        sentry_sdk.init(
            "http://key@sentry.invalid/1", transport=self.transport, release="1"
        )
        self.addCleanup(sentry_sdk.init)
        reports.listen()

    def events(self, logger: str = "tasks") -> list[dict]:
        return [e for e in self.transport.events if e["logger"] == logger]

    def test_the_same_error_is_one_issue(self):
        for name in ("first", "second"):
            run(divide, 1, 0, task_name=name)
        one, other = self.events()
        self.assertEqual(one["fingerprint"], other["fingerprint"])
        self.assertEqual(one["fingerprint"][1], "ZeroDivisionError")

    def test_another_function_is_another_issue(self):
        run(divide, 1, 0)
        run(look_up, "key")
        one, other = self.events()
        self.assertNotEqual(one["fingerprint"], other["fingerprint"])

    def test_the_frames_lead_to_the_line(self):
        run(divide, 1, 0)
        [error] = self.events()[0]["exception"]["values"]
        frame = error["stacktrace"]["frames"][-1]
        self.assertEqual(frame["function"], "divide")
        self.assertEqual(frame["context_line"], "return one / other")
        self.assertTrue(frame["in_app"])
        self.assertEqual(error["value"], "division by zero")

    def test_a_message_of_two_lines(self):
        run(refuse, "no row\nDETAIL: key 7")
        [error] = self.events()[0]["exception"]["values"]
        self.assertEqual(error["type"], "LookupError")
        self.assertEqual(error["value"], "no row\nDETAIL: key 7")

    def test_a_success_is_not_reported(self):
        run(divide, 1, 2)
        self.assertEqual(self.events(), [])

    def test_the_caller_of_a_task_with_sync_reports_its_exception(self):
        with self.assertRaises(ZeroDivisionError):
            async_task(divide, 1, 0, sync=True)
        self.assertEqual(self.events(), [])

    def test_a_function_that_is_not_there(self):
        run("nowhere.function")
        self.assertEqual(self.events()[0]["tags"]["function"], "nowhere.function")

    def test_the_line_of_the_monitor_is_not_a_second_event(self):
        logging.getLogger("django-q").error("Failed 'divide' (red-cat)")
        logging.getLogger("django-q").critical("reincarnated worker")
        self.assertEqual([e["level"] for e in self.events("django-q")], ["fatal"])

    def test_a_transport_that_fails_costs_no_task(self):
        broken = mock.patch.object(sentry_sdk, "capture_event", side_effect=OSError)
        with broken, self.assertLogs(reports.__name__, "ERROR"):
            run(divide, 1, 0)
