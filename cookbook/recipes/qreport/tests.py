"""Test what qreport hides, and what it prints of a broken project."""

from io import StringIO
from unittest.mock import patch

from django.core.management import call_command
from django.test import TransactionTestCase, override_settings
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import Failure, OrmQ, Schedule

SECRET = "hunter2"


class QreportTests(TransactionTestCase):
    def report(self) -> str:
        out = StringIO()
        call_command("qreport", stdout=out)
        return out.getvalue()

    def fail_task(self, result: str) -> None:
        now = timezone.now()
        Failure.objects.create(
            id="f", name="mail", func="shop.mail", started=now, stopped=now,
            success=False, result=result,
        )  # fmt: skip

    def test_no_secret_is_printed(self):
        keys = {
            "name": "shop",
            "orm": "default",
            "redis": f"redis://user:{SECRET}@queue:6379/0",
            "sqs": {"aws_secret_access_key": SECRET, "aws_region": "eu"},
            "error_reporter": {"sentry": {"dsn": f"https://{SECRET}@errors.test/1"}},
            "iron_mq": {"token": SECRET, "project_id": "p"},
        }
        self.fail_task(f"cannot connect to postgres://shop:{SECRET}@db/shop")
        with override_settings(Q_CLUSTER=keys):
            report = self.report()
        self.assertNotIn(SECRET, report)
        self.assertIn("redis://...@queue:6379/0", report)

    def test_an_error_is_one_line(self):
        self.fail_task("boom : Traceback (most recent call last):\n  File\nValueError")
        self.assertRegex(self.report(), r"(?m)^errors .*shop\.mail: boom$")

    def test_an_overdue_schedule_is_counted(self):
        Schedule.objects.create(func="math.sqrt", next_run=timezone.now())
        Schedule.objects.create(func="math.sqrt", repeats=0, next_run=timezone.now())
        self.assertIn("schedules  2, 1 overdue", self.report())

    def test_every_queue_has_a_line(self):
        keys = {"name": "shop", "orm": "default", "ALT_CLUSTERS": {"mail": {}}}
        with override_settings(Q_CLUSTER=keys):
            self.assertIn(" mail: 0 waiting, 0 fetched\n", self.report())

    def test_a_queue_that_no_setting_names_has_a_line(self):
        for _ in range(2):
            OrmQ.objects.create(key="partnr", payload="x", lock=timezone.now())
        line = " partnr: 2 waiting, 0 fetched, no setting names it\n"
        with patch.object(Conf, "ORM", "default"):
            self.assertEqual(self.report().count(line), 1)
        with patch.object(Conf, "ORM", None):
            self.assertNotIn("partnr", self.report())

    def test_what_does_not_answer_is_said(self):
        with patch(
            "django_q.models.Failure.objects.count", side_effect=OSError("gone")
        ):
            self.assertIn("results    OSError: gone", self.report())

    def test_a_package_that_is_not_installed_is_left_out(self):
        with patch(
            "cookbook.recipes.qreport.management.commands.qreport.PACKAGES",
            ["no-such", "django"],
        ):
            self.assertRegex(self.report(), r"versions   django [\d.]+, Python")
