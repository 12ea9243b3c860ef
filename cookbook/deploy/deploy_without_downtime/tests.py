"""Test the edge cases of set_up_schedules. No cluster is needed."""

from datetime import timedelta
from io import StringIO
from unittest.mock import patch

from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone
from django_q.models import Schedule

from .management.commands import set_up_schedules

DAILY = {"func": "math.sqrt", "args": "(4,)", "schedule_type": Schedule.DAILY}


class SetUpSchedulesTests(TestCase):
    def set_up(self, schedules: dict) -> str:
        out = StringIO()
        with patch.object(set_up_schedules, "SCHEDULES", schedules):
            call_command("set_up_schedules", stdout=out)
        return out.getvalue()

    def test_the_schedules_of_the_release_can_be_imported(self):
        set_up_schedules.check()

    def test_next_run_is_left_alone(self):
        self.set_up({"roots": DAILY})
        tomorrow = timezone.now() + timedelta(days=1)
        Schedule.objects.update(next_run=tomorrow)
        self.set_up({"roots": DAILY | {"args": "(9,)"}})
        schedule = Schedule.objects.get()
        self.assertEqual((schedule.args, schedule.next_run), ("(9,)", tomorrow))

    def test_a_function_that_is_gone_changes_nothing(self):
        with self.assertRaisesMessage(CommandError, "schedule 'gone': "):
            self.set_up({"roots": DAILY, "gone": DAILY | {"func": "math.root"}})
        self.assertFalse(Schedule.objects.exists())

    def test_two_of_one_name_are_an_error(self):
        for _ in range(2):
            Schedule.objects.create(name="roots", func="math.sqrt")
        with self.assertRaisesMessage(CommandError, "two schedules are called 'roots'"):
            self.set_up({"new": DAILY, "roots": DAILY})
        self.assertEqual(Schedule.objects.count(), 2)

    def test_a_schedule_of_the_admin_is_named(self):
        Schedule.objects.create(name="mine", func="math.sqrt")
        self.assertIn("not in this release: mine", self.set_up({"roots": DAILY}))
