"""Both queues without their workers: each is a table of the same database."""

import asyncio
from datetime import UTC, datetime, timedelta
from unittest.mock import AsyncMock, Mock, patch

from croniter import croniter
from django.db import transaction
from django.test import TestCase, override_settings
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task
from procrastinate.contrib.django.models import ProcrastinateJob

from . import schedules, tasks
from .queues import enqueue, enqueue_chain
from .schedules import cron, fire_due, move, periodic_lines

NOTES: list[object] = []


def note(what: object, times: int = 1, **more: object) -> None:
    """Be a task."""
    NOTES.append(what)


NOTE = f"{__name__}.note"


class MoveTests(TestCase):
    def setUp(self):
        NOTES.clear()
        self.move(True)

    def move(self, to_procrastinate: bool) -> None:
        changed = override_settings(MOVE_TO_PROCRASTINATE={NOTE: to_procrastinate})
        self.enterContext(changed)

    def jobs(self) -> list[dict]:
        jobs = ProcrastinateJob.objects.order_by("id")
        return [job.args for job in jobs]


class QueueTests(MoveTests):
    def test_a_task_goes_where_its_line_says_and_back(self):
        self.assertTrue(enqueue(note, "new", times=2, more=3).isdigit())
        self.move(False)
        self.assertEqual(len(enqueue(note, "old")), 32)
        self.assertEqual(self.jobs(), [{"what": "new", "times": 2, "more": 3}])
        self.assertEqual([row.func() for row in OrmQ.objects.all()], [NOTE])

    def test_a_task_is_in_the_transaction(self):
        with self.assertRaises(OSError), transaction.atomic():
            enqueue(note, "never")
            raise OSError
        self.assertEqual(self.jobs(), [])

    def test_arguments_that_do_not_fit_are_refused(self):
        for args in ((), ("a", 1, 2), (object(),)):
            with self.assertRaises(TypeError), transaction.atomic():
                enqueue(note, *args)

    def test_a_function_whose_arguments_have_no_names(self):
        path = f"{async_task.__module__}.{async_task.__qualname__}"
        words = "takes 'args' without a name"
        moved = override_settings(MOVE_TO_PROCRASTINATE={path: True})
        with moved, self.assertRaisesMessage(TypeError, words):
            enqueue(async_task, NOTE, 1)

    def test_a_chain_waits_until_all_its_steps_have_moved(self):
        enqueue_chain((note, 1), (async_task, NOTE))
        self.assertEqual((self.jobs(), OrmQ.objects.count()), ([], 1))
        enqueue_chain((note, 1), (note, 2))
        [job] = self.jobs()
        tasks.run_chain(**job)
        tasks.run_chain(**self.jobs()[1])
        self.assertEqual((NOTES, len(self.jobs())), ([1, 2], 2))


class ScheduleTests(MoveTests):
    def add(self, **fields: object) -> Schedule:
        fields = {"func": NOTE, "args": "7", "schedule_type": "H"} | fields
        row = Schedule.objects.create(**fields)
        Schedule.objects.update(next_run=timezone.now() - timedelta(minutes=1))
        return row

    def test_the_field_cluster_says_who_fires(self):
        row = self.add(kwargs="times=2")
        self.assertEqual(fire_due(), 0)
        move(row.pk)
        tasks.fire_due_schedules(0)
        self.assertEqual(fire_due(), 0)
        self.assertEqual(self.jobs(), [{"what": 7, "times": 2}])
        move(row.pk, cluster=None)
        Schedule.objects.update(next_run=timezone.now())
        self.assertEqual(fire_due(), 0)

    def test_repeats_and_rows_that_run_once(self):
        for row in (self.add(schedule_type="O"), self.add(repeats=2)):
            move(row.pk)
        self.assertEqual((fire_due(), len(self.jobs())), (2, 2))
        self.assertEqual(Schedule.objects.get().repeats, 1)

    def test_the_date_that_was_meant(self):
        row = self.add(args=None, intended_date_kwarg="what")
        move(row.pk)
        fire_due()
        self.assertTrue(self.jobs()[0]["what"].startswith("20"))

    def test_a_run_that_is_not_sent_is_still_due(self):
        move(self.add().pk)
        broken = patch.object(schedules, "send", side_effect=OSError("away"))
        with broken, self.assertLogs(schedules.__name__, "ERROR"):
            self.assertEqual(fire_due(), 0)
        self.assertEqual(fire_due(), 1)

    def test_two_at_the_same_moment(self):
        row = self.add()
        move(row.pk)
        fires = schedules.fire(row.pk), schedules.fire(row.pk)
        self.assertEqual(fires, (True, False))

    def test_rows_that_stay(self):
        for fields, error in (
            ({"func": "math.sqrt"}, ValueError),
            ({"hook": NOTE}, ValueError),
            ({"kwargs": "{'q_options': {'group': 'a'}}"}, ValueError),
            ({"args": None}, TypeError),
        ):
            with self.subTest(**fields), self.assertRaises(error):
                move(self.add(**fields).pk)


class CronTests(TestCase):
    def row(self, kind: str, **fields: object) -> Schedule:
        begin = datetime(2026, 1, 5, 11, 7, tzinfo=UTC)
        fields = {"schedule_type": kind, "next_run": begin, "args": "1"} | fields
        return Schedule(func=NOTE, **fields)

    def test_the_same_times_as_django_q2(self):
        for kind in ("H", "D", "W", "M", "BM", "Q", "Y", "I"):
            row = self.row(kind, minutes=20)
            times = croniter(cron(row), row.next_run)
            for _ in range(6):
                row.next_run = row.calculate_next_run()
                self.assertEqual(times.get_next(datetime), row.next_run, kind)

    def test_times_that_cron_does_not_have(self):
        late = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)
        for kind, fields in (
            ("O", {}), ("BW", {}), ("I", {"minutes": 7}), ("M", {"next_run": late}),
        ):  # fmt: skip
            with self.subTest(kind, **fields), self.assertRaises(ValueError):
                cron(self.row(kind, **fields))

    def test_another_time_zone(self):
        with override_settings(TIME_ZONE="Europe/Prague"):
            self.assertEqual(cron(self.row("H")), "7 * * * *")
            with self.assertRaisesMessage(ValueError, "follows Europe/Prague"):
                cron(self.row("C", cron="30 4 * * *"))

    def test_lines_for_the_tasks(self):
        lines = periodic_lines(self.row("C", cron="30 4 * * 1-5"))
        app, defer = Mock(), Mock()
        names = {"app": app, "defer": defer}
        app.periodic.return_value = app.task.return_value = lambda function: function
        exec(lines, names)
        names["periodic_None"](0)
        app.periodic.assert_called_with(cron="30 4 * * 1-5")
        defer.assert_called_with(NOTE, what=1)


class StalledTests(TestCase):
    def test_each_stalled_job_is_run_again(self):
        manager = AsyncMock()
        manager.get_stalled_jobs.return_value = ["a", "b"]
        context = Mock(app=Mock(job_manager=manager))
        asyncio.run(tasks.retry_stalled_jobs(context, 0))
        self.assertEqual(manager.retry_job.await_count, 2)
