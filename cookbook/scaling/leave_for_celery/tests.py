"""Both queues without their workers: Celery is eager, Django-Q2 has a table."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from celery.schedules import crontab
from django.db import transaction
from django.test import TestCase, override_settings
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from . import schedules, tasks
from .celery import app
from .queues import enqueue, enqueue_chain
from .schedules import beat_entry, cron, fire_due, move

SENT: list[object] = []


def note(what: object, times: int = 1) -> None:
    """Be a task."""
    SENT.extend([what] * times)


NOTE = f"{__name__}.note"


class MoveTests(TestCase):
    def setUp(self):
        SENT.clear()
        app.conf.task_always_eager = True
        self.addCleanup(app.conf.update, task_always_eager=False)
        self.move(True)

    def move(self, to_celery: bool) -> None:
        moved = override_settings(MOVE_TO_CELERY={NOTE: to_celery})
        self.enterContext(moved)

    def waiting(self) -> list[str]:
        return [row.func() for row in OrmQ.objects.all()]


class QueueTests(MoveTests):
    def test_a_task_goes_where_its_line_says_and_back(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(len(enqueue(note, "new", times=2)), 36)
        self.move(False)
        self.assertEqual(len(enqueue(note, "old")), 32)
        self.assertEqual((SENT, self.waiting()), (["new", "new"], [NOTE]))

    def test_celery_gets_a_task_after_the_commit_only(self):
        with self.captureOnCommitCallbacks() as commits, transaction.atomic():
            enqueue(note, "late")
            self.assertEqual(SENT, [])
        self.assertEqual(len(commits), 1)
        rolled_back = self.captureOnCommitCallbacks(execute=True)
        with rolled_back as commits, self.assertRaises(OSError), transaction.atomic():
            enqueue(note, "never")
            raise OSError
        self.assertEqual((commits, SENT), ([], []))

    def test_arguments_that_do_not_fit_are_refused_before_the_commit(self):
        for args, kwargs in (((), {}), ((1,), {"hook": NOTE}), ((object(),), {})):
            with self.assertRaises(TypeError):
                enqueue(note, *args, **kwargs)

    def test_a_chain_waits_until_all_its_steps_have_moved(self):
        enqueue_chain((note, 1), (async_task, NOTE))
        self.assertEqual((SENT, self.waiting()), ([], [NOTE]))
        with self.captureOnCommitCallbacks(execute=True):
            enqueue_chain((note, 1), (note, 2))
        self.assertEqual(SENT, [1, 2])

    def test_the_worker_knows_a_function_that_went_back(self):
        self.assertIn("fire_due_schedules", app.tasks)
        self.assertEqual(tasks.task(NOTE).name, NOTE)


class ScheduleTests(MoveTests):
    def add(self, **fields: object) -> Schedule:
        past = timezone.now() - timedelta(minutes=1)
        fields = {"func": NOTE, "args": "7", "schedule_type": "H"} | fields
        row = Schedule.objects.create(**fields)
        Schedule.objects.update(next_run=past)
        return row

    def test_the_field_cluster_says_who_fires(self):
        row = self.add(kwargs="times=2")
        self.assertEqual(fire_due(), 0)
        move(row.pk)
        self.assertEqual((fire_due(), fire_due(), SENT), (1, 0, [7, 7]))
        move(row.pk, cluster=None)
        Schedule.objects.update(next_run=timezone.now())
        self.assertEqual(fire_due(), 0)

    def test_repeats_and_rows_that_run_once(self):
        once, twice = self.add(schedule_type="O"), self.add(repeats=2)
        for row in (once, twice):
            move(row.pk)
        self.assertEqual((fire_due(), SENT), (2, [7, 7]))
        self.assertEqual(Schedule.objects.get().repeats, 1)

    def test_the_date_that_was_meant(self):
        row = self.add(args=None, intended_date_kwarg="what")
        move(row.pk)
        fire_due()
        self.assertTrue(str(SENT[0]).startswith("20"))

    def test_redis_is_away(self):
        row = self.add()
        move(row.pk)
        away = patch.object(schedules, "task", side_effect=OSError("away"))
        with away, self.assertLogs(schedules.__name__, "ERROR"):
            self.assertEqual(fire_due(), 0)
        self.assertEqual(fire_due(), 1)

    def test_two_at_the_same_moment(self):
        move(self.add().pk)
        pk = Schedule.objects.get().pk
        self.assertEqual((schedules.fire(pk), schedules.fire(pk)), (True, False))

    def test_rows_that_stay(self):
        for fields, words in (
            ({"func": "math.sqrt"}, "not in MOVE_TO_CELERY"),
            ({"hook": NOTE}, "hook"),
            ({"kwargs": "{'q_options': {'group': 'a'}}"}, "q_options"),
        ):
            row = self.add(**fields)
            with self.assertRaisesMessage(ValueError, words):
                move(row.pk)


class CronTests(TestCase):
    def row(self, kind: str, **fields: object) -> Schedule:
        begin = datetime(2026, 1, 5, 11, 7, tzinfo=UTC)
        return Schedule(
            **{"func": NOTE, "schedule_type": kind, "next_run": begin} | fields
        )

    def test_the_same_times_as_django_q2(self):
        for kind in ("H", "D", "W", "M", "BM", "Q", "Y", "I"):
            row = self.row(kind, minutes=20)
            times = crontab.from_string(cron(row))
            for _ in range(6):
                last, wait, _ = times.remaining_delta(row.next_run)
                row.next_run = row.calculate_next_run()
                self.assertEqual(last + wait, row.next_run, kind)

    def test_times_that_celery_does_not_have(self):
        late = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)
        for kind, fields in (
            ("O", {}), ("BW", {}), ("I", {"minutes": 7}), ("M", {"next_run": late}),
            ("C", {"cron": "0 4 1 * 1"}), ("C", {"cron": "0 4 * * * 30"}),
            ("C", {"cron": "@daily"}), ("C", {"cron": "0 4 L * *"}),
        ):  # fmt: skip
            with self.subTest(kind, **fields), self.assertRaises(ValueError):
                cron(self.row(kind, **fields))

    def test_a_line_for_the_settings(self):
        line = beat_entry(self.row("C", cron="30 4 * * 1-5", args="'a', 2"))
        entries = eval(f"{{{line}}}", {"crontab": crontab})
        self.assertEqual(
            entries[f"{NOTE} None"],
            {
                "task": NOTE,
                "schedule": crontab(30, 4, "1-5"),
                "args": ("a", 2),
                "kwargs": {},
            },
        )
