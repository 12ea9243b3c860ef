"""Tests of the news site. None of them needs a cluster."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import IntegrityError
from django.test import TestCase
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task, result

from .articles import publish
from .schedules import count_every_hour
from .tasks import count_all, count_words


class NewsTests(TestCase):
    def setUp(self):
        base = Path(self.enterContext(TemporaryDirectory()))
        self.enterContext(self.settings(BASE_DIR=base))
        (base / "articles").mkdir()
        (base / "articles/short.txt").write_text("Only three words")

    def test_the_function(self):
        self.assertEqual(count_all(), {"short.txt": 3})
        with self.assertRaises(LookupError):
            count_words("missing.txt")

    def test_what_is_queued(self):
        publish("short.txt")
        task = OrmQ.objects.get().task
        self.assertEqual((task["func"], task["args"]), (count_words, ("short.txt",)))

    def test_the_way_through_a_worker(self):
        task_id = async_task(count_words, "short.txt", sync=True)
        self.assertEqual(result(task_id), 3)
        with self.assertRaises(LookupError):
            async_task(count_words, "missing.txt", sync=True)

    def test_the_schedule(self):
        count_every_hour()
        self.assertEqual(Schedule.objects.get().func, "news.tasks.count_all")
        with self.assertRaises(IntegrityError):
            count_every_hour()
