"""Which logger a handler has to be on; no cluster is needed."""

import logging
from logging.handlers import BufferingHandler

from django.conf import settings
from django.test import TestCase
from django_q.tasks import async_task

from .tasks import greet


class TaskLogTests(TestCase):
    def lines(self, name: str) -> list[str]:
        """Return what a handler on a logger gets while a task is enqueued."""
        handler = BufferingHandler(capacity=100)
        handler.setLevel(logging.INFO)
        logging.getLogger(name).addHandler(handler)
        self.addCleanup(logging.getLogger(name).removeHandler, handler)
        async_task(greet, "Ada")
        return [record.getMessage() for record in handler.buffer]

    def test_the_logger_has_a_hyphen(self):
        self.assertIn("Enqueued", self.lines("django-q")[0])

    def test_the_name_of_the_package_gets_nothing(self):
        self.assertEqual(self.lines("django_q"), [])

    def test_a_task_can_log_there(self):
        with self.assertLogs("django-q", "INFO") as logs:
            self.assertEqual(greet("Ada"), "hello Ada")
        self.assertEqual(logs.output, ["INFO:django-q:greeting Ada"])

    def test_the_settings_name_it(self):
        self.assertIn("django-q", settings.LOGGING["loggers"])
        self.assertNotIn("django_q", settings.LOGGING["loggers"])
