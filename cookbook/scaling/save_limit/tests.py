"""What is deleted, and what stays."""

import uuid
from datetime import timedelta
from unittest.mock import patch

from django.test import TestCase
from django.utils import timezone
from django_q.models import Failure, Success, Task

from . import tasks


class DeleteOldResultsTests(TestCase):
    def store(self, days: int, success: bool = True) -> None:
        then = timezone.now() - timedelta(days=days)
        Task.objects.create(
            id=uuid.uuid4().hex, name="task", func="math.sqrt",
            started=then, stopped=then, success=success,
        )  # fmt: skip

    def test_only_old_successes_go(self):
        for days in (1, 29, 31, 60):
            self.store(days)
        self.store(60, success=False)
        self.assertEqual(tasks.delete_old_results(days=30), 2)
        self.assertEqual(Success.objects.count(), 2)
        self.assertEqual(Failure.objects.count(), 1)

    def test_more_rows_than_one_statement_takes(self):
        for _ in range(7):
            self.store(60)
        with patch.object(tasks, "BATCH", 3):
            self.assertEqual(tasks.delete_old_results(days=30), 7)
        self.assertEqual(Success.objects.count(), 0)

    def test_a_negative_age(self):
        self.store(60)
        with self.assertRaisesMessage(ValueError, "days is -1"):
            tasks.delete_old_results(days=-1)
        self.assertEqual(Success.objects.count(), 1)
