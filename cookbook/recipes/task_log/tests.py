"""Which logger a handler has to be on; no cluster is needed."""

import copy
import logging
import logging.config
import tempfile
from logging.handlers import BufferingHandler
from pathlib import Path

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

    def test_a_handler_can_write_to_a_file(self):
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "tasks.log"
        logs = copy.deepcopy(settings.LOGGING)
        logs["handlers"]["the important"] |= {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": str(path),
        }
        self.addCleanup(logging.config.dictConfig, settings.LOGGING)
        logging.config.dictConfig(logs)
        async_task(greet, "Ada")
        self.assertIn("INFO Enqueued", path.read_text())

    def test_the_settings_name_it(self):
        self.assertIn("django-q", settings.LOGGING["loggers"])
        self.assertNotIn("django_q", settings.LOGGING["loggers"])
