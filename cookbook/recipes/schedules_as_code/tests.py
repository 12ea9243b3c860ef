"""What is refused, what is changed, and whose rows are left alone. No cluster runs."""

import math
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler

from . import registry
from .pause import logger
from .registry import register

SYNC = "sync_schedules"


def greet(name: str, polite: bool = True) -> None:
    """Be a task."""


async def wait() -> None:
    """Be a task that no worker awaits."""


class Seven:
    def __repr__(self) -> str:
        return "7"


class RegistryTests(TestCase):
    def setUp(self):
        self.enterContext(patch.dict(registry.REGISTRY, clear=True))

    def test_a_row_that_the_scheduler_reads(self):
        options = {"timeout": 600}
        job = register(greet, "O'Hara", polite=None, minutes=5, options=options)
        self.assertEqual(job.name, f"code: {__name__}.greet")
        self.assertEqual(job.args, """("O'Hara",)""")
        kwargs = "{'polite': None, 'q_options': {'timeout': 600}}"
        self.assertEqual(job.kwargs, kwargs)

    def test_what_would_stop_all_others_or_fail_is_refused(self):
        def inside() -> None: ...

        for func, args, options, words in (
            (math.sqrt, (4,), {}, "either cron or minutes"),
            (math.sqrt, (4,), {"cron": "0 4 * * *", "minutes": 5}, "either"),
            (math.sqrt, (4,), {"cron": "61 * * * *"}, "out of range"),
            (math.sqrt, (4,), {"cron": "0 0 30 2 *"}, "CroniterBadDateError"),
            (math.sqrt, (4,), {"minutes": -5}, "greater than or equal to 0"),
            (math.sqrt, (4,), {"minutes": 5, "name": "x" * 100}, "at most 100"),
            (math.sqrt, (), {"minutes": 5}, "argument"),
            (greet, (timezone.now(),), {"minutes": 5}, "malformed"),
            (greet, (math.nan,), {"minutes": 5}, "malformed"),
            (greet, (Seven(),), {"minutes": 5}, "give literals"),
            (greet, ("a",), {"minutes": 5, "options": [1]}, "dictionary"),
            (greet, ("a",), {"minutes": 5, "tone": "b"}, "unexpected keyword"),
            (inside, (), {"minutes": 5}, "no worker can run"),
            (wait, (), {"minutes": 5}, "no worker can run"),
            (greet, ("a",), {"minutes": 5, "hook": inside}, "no worker can run"),
        ):
            with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                register(func, *args, **options)
        self.assertEqual(registry.REGISTRY, {})

    def test_a_name_that_is_there(self):
        register(greet, "a", minutes=5)
        with self.assertRaisesMessage(ValueError, "another schedule has this name"):
            register(greet, "b", minutes=5)
        register(greet, "b", minutes=5, name="greet b", hook=greet)


class SyncTests(TestCase):
    def setUp(self):
        self.enterContext(patch.dict(registry.REGISTRY, clear=True))
        self.enterContext(patch.object(registry, "autodiscover_modules"))

    def sync(self, *arguments: str) -> str:
        out = StringIO()
        call_command(SYNC, *arguments, stdout=out)
        return out.getvalue().strip()

    def define(self, **options: object) -> None:
        registry.REGISTRY.clear()
        register(math.sqrt, 4, name="root", **options)

    def test_the_first_run_is_in_the_future(self):
        for options in ({"minutes": 5}, {"cron": "*/5 * * * *"}):
            self.define(**options)
            self.sync()
            self.assertGreater(Schedule.objects.get().next_run, timezone.now())

    def test_a_new_time_moves_the_next_run_and_a_new_argument_does_not(self):
        self.define(minutes=5)
        self.sync()
        before = Schedule.objects.get().next_run
        registry.REGISTRY["code: root"].args = "(9,)"
        self.assertEqual(self.sync(), "change code: root (args)")
        self.assertEqual(Schedule.objects.get().next_run, before)
        self.define(minutes=90)
        self.assertEqual(self.sync(), "change code: root (minutes, args)")
        self.assertGreater(Schedule.objects.get().next_run, before)
        self.define(cron="0 4 * * *")
        self.assertEqual(
            self.sync(), "change code: root (schedule_type, cron, minutes)"
        )
        self.assertEqual(self.sync(), "1 schedule, as in the code")

    def test_a_pause_is_kept(self):
        self.define(minutes=5)
        self.sync()
        Schedule.objects.update(repeats=0, next_run=None)
        self.define(minutes=6)
        self.sync()
        row = Schedule.objects.get()
        self.assertEqual((row.minutes, row.repeats, row.next_run), (6, 0, None))

    def test_rows_of_others_stay_and_second_rows_go(self):
        self.define(minutes=5)
        self.sync()
        for name in (None, "root", "Code: root", "code: old", "code: root"):
            Schedule.objects.create(name=name, func="math.sqrt", args="4")
        self.assertEqual(self.sync(), "delete code: old\ndelete code: root")
        names = Schedule.objects.order_by("pk").values_list("name", flat=True)
        self.assertEqual([*names], ["code: root", None, "root", "Code: root"])

    def test_two_deploys_at_the_same_moment(self):
        self.define(minutes=5)
        create = Schedule.objects.create

        def race(**values: object) -> None:
            create(**values)
            create(**values)

        with patch.object(Schedule.objects, "create", race):
            self.sync()
        self.assertEqual(Schedule.objects.count(), 1)

    def test_check_and_dry_run_change_nothing(self):
        self.define(minutes=5)
        with self.assertRaisesMessage(CommandError, "create code: root"):
            self.sync("--check")
        self.assertEqual(self.sync("--dry-run"), "create code: root")
        self.assertFalse(Schedule.objects.exists())
        self.sync()
        self.sync("--check")

    def test_check_finds_a_row_that_stops_all_others(self):
        Schedule.objects.bulk_create([Schedule(func="math.sqrt", args="4,,")])
        with self.assertRaisesMessage(CommandError, "fix or delete math.sqrt"):
            self.sync("--check")
        self.assertIn("it stops all others: SyntaxError", self.sync())

    def test_one_bad_definition_changes_nothing(self):
        def load(_: str) -> None:
            self.define(minutes=5)
            register(math.sqrt, minutes=5)

        with (
            patch.object(registry, "autodiscover_modules", load),
            self.assertRaisesMessage(CommandError, "code: math.sqrt:"),
        ):
            self.sync()
        self.assertFalse(Schedule.objects.exists())


class PauseTests(TestCase):
    def test_a_bad_row_is_saved_as_one_that_never_runs(self):
        for values in (
            {"args": "4,,"},
            {"args": "datetime.now()"},
            {"kwargs": "[1]"},
            {"kwargs": "{'q_options': 3}"},
            {"schedule_type": "X"},
        ):
            with self.subTest(values), self.assertLogs(logger, "ERROR"):
                row = Schedule.objects.create(func="math.sqrt", **values)
            self.assertEqual(row.repeats, 0)
            row.save()  # Again: nothing more to say.

    def test_others_run(self):
        self.enterContext(patch.object(Conf, "ORM", "default"))
        then = timezone.now() - timedelta(minutes=1)
        with self.assertLogs(logger, "ERROR"):
            for args in ("4,,", "4"):
                Schedule.objects.create(func="math.sqrt", args=args, next_run=then)
        with patch("django_q.scheduler.close_old_django_connections"):
            scheduler(ORM("shop"))
        self.assertEqual([row.args() for row in OrmQ.objects.all()], [(4,)])

    def test_good_rows_stay_as_they_are(self):
        for values in (
            {"args": (4, "a")},
            {"args": "4"},
            {"kwargs": "x=1"},
            {"kwargs": "{"},  # The scheduler leaves it out.
            {"schedule_type": Schedule.DAILY},
            {"schedule_type": Schedule.CRON, "cron": "0 4 * * *"},
        ):
            row = Schedule.objects.create(func="math.sqrt", **values)
            self.assertEqual(row.repeats, -1)
