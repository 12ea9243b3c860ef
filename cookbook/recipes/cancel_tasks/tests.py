"""Test edge cases, races and faults. No cluster is needed."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import MagicMock, Mock, patch

from django.db import DatabaseError
from django.test import TestCase
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Success
from django_q.signals import post_execute_in_worker, pre_execute
from django_q.tasks import async_task

from . import running
from .cancel import cancel
from .models import Decision, delete_old_decisions
from .running import cancellable, check, finalize


def work(task_id: str, function: Callable[[], object]) -> object:
    """Call a function as a worker does."""
    pre_execute.send(sender="django_q", func=function, task={"id": task_id})
    try:
        return cancellable(function)()
    finally:
        post_execute_in_worker.send(sender="django_q", func=function, task={})


class Connection:
    """What `cancel` uses of a connection to Redis."""

    def __init__(self) -> None:
        self.lrem = Mock()

    lrange = Mock()


class CancelTests(TestCase):
    def test_a_waiting_task_is_removed(self):
        one, two = async_task("math.sqrt", 4), async_task("math.sqrt", 9)
        self.assertEqual(cancel(two), "removed")
        self.assertEqual([row.task_id() for row in OrmQ.objects.all()], [one])

    def test_again_it_is_marked(self):
        one = async_task("math.sqrt", 4)
        self.assertEqual([cancel(one), cancel(one)], ["removed", "marked"])

    def test_a_fetched_task_keeps_its_row(self):
        one = async_task("math.sqrt", 4)
        get_broker().dequeue()
        self.assertEqual(cancel(one), "marked")
        self.assertEqual(OrmQ.objects.count(), 1)

    def test_a_task_that_is_fetched_meanwhile_keeps_its_row(self):
        one = async_task("math.sqrt", 4)

        def fetch(row: OrmQ) -> str:
            get_broker().dequeue()
            return row.task["id"]

        with patch.object(OrmQ, "task_id", fetch):
            self.assertEqual(cancel(one), "marked")
        self.assertEqual(OrmQ.objects.count(), 1)

    def test_the_clock_of_the_caller_may_be_wrong(self):
        for hours in (-1, 1):
            one = async_task("math.sqrt", 4)
            get_broker().dequeue()
            wrong = timezone.now() + timedelta(hours=hours)
            with patch.object(timezone, "now", return_value=wrong):
                self.assertNotEqual(cancel(one), "too late")
            self.assertEqual(work(one, lambda: "ended"), "cancelled")

    def test_a_package_that_cannot_be_read_is_left_alone(self):
        get_broker().enqueue("a package of another SECRET_KEY")
        one = async_task("math.sqrt", 4)
        self.assertEqual(cancel(one), "removed")
        self.assertEqual(OrmQ.objects.count(), 1)

    def test_on_redis_the_package_is_removed(self):
        one, two = async_task("math.sqrt", 4), async_task("math.sqrt", 9)
        packages = [row.payload.encode() for row in OrmQ.objects.all()]
        redis = Mock(list_key="django_q:night:q", connection=Connection())
        redis.connection.lrange.return_value = packages
        redis.connection.lrem.return_value = 1
        place = patch(f"{cancel.__module__}.get_broker", return_value=redis)
        with place as broker:
            self.assertEqual(cancel(two, cluster="night"), "removed")
            self.assertEqual(cancel("0" * 32, cluster="night"), "marked")
        broker.assert_called_with("night")
        redis.connection.lrem.assert_called_once_with(redis.list_key, 1, packages[1])
        self.assertNotIn(one.encode(), packages[1])

    def test_another_broker_only_marks(self):
        one = async_task("math.sqrt", 4)
        other = Mock(connection=MagicMock())  # It has whatever one asks for.
        with patch(f"{cancel.__module__}.get_broker", return_value=other):
            self.assertEqual(cancel(one), "marked")


class RunningTests(TestCase):
    def test_a_cancelled_task_does_not_start(self):
        cancel("one")
        function = Mock(__name__="task")
        self.assertEqual(work("one", function), "cancelled")
        function.assert_not_called()

    def test_it_stops_between_two_steps(self):
        after = Mock()

        def steps() -> tuple:
            cancel("one")
            return check(), after()

        self.assertEqual(work("one", steps), "cancelled")
        after.assert_not_called()

    def test_what_asks_too_seldom_is_cancelled_at_its_end(self):
        self.assertEqual(work("one", lambda: cancel("one")), "cancelled")

    def test_after_its_end_it_is_too_late(self):
        self.assertEqual(work("one", lambda: "ended"), "ended")
        self.assertEqual(cancel("one"), "too late")

    def test_after_finalize_it_is_too_late(self):
        def last_step() -> str:
            finalize()
            return cancel("one")

        self.assertEqual(work("one", last_step), "too late")

    def test_delivered_again_it_is_still_what_was_decided(self):
        cancel("one")
        for _ in range(2):
            self.assertEqual(work("one", lambda: "ended"), "cancelled")
            self.assertEqual(work("two", lambda: "ended"), "ended")

    def test_another_task_is_not_cancelled(self):
        cancel("one")
        self.assertEqual(work("two", lambda: "ended"), "ended")

    def test_a_task_inside_a_task_has_its_own_id(self):
        cancel("inner")

        def outer() -> object:
            inner = work("inner", lambda: "ended")
            check()
            return inner

        self.assertEqual(work("outer", outer), "cancelled")
        self.assertTrue(Decision.objects.filter(pk="outer", cancelled=False))

    def test_outside_a_task_nothing_is_cancelled(self):
        check()
        finalize()
        self.assertEqual(cancellable(lambda: "ended")(), "ended")
        self.assertFalse(Decision.objects.exists())

    def test_an_error_of_the_task_is_its_own(self):
        with self.assertRaises(ZeroDivisionError):
            work("one", lambda: 1 / 0)
        self.assertFalse(Decision.objects.exists())

    def test_django_q2_runs_it(self):
        task_id = async_task(ended, sync=True)
        self.assertEqual(Success.objects.get(pk=task_id).result, "ended")
        self.assertEqual(cancel(task_id), "too late")

    def test_without_the_database_it_goes_on_and_does_not_end(self):
        with (
            patch.object(Decision.objects, "filter", side_effect=DatabaseError),
            patch.object(Decision.objects, "get_or_create", side_effect=DatabaseError),
            self.assertLogs(running.__name__, "WARNING"),
            self.assertRaises(DatabaseError),
        ):
            work("one", check)


class DecisionTests(TestCase):
    def test_old_ones_are_deleted(self):
        cancel("old")
        Decision.objects.update(created=timezone.now() - timedelta(days=31))
        cancel("new")
        self.assertEqual(delete_old_decisions(days=30), 1)
        self.assertEqual(str(Decision.objects.get()), "new cancelled")
        work("end", lambda: "ended")
        self.assertEqual(str(Decision.objects.get(pk="end")), "end final")


@cancellable
def ended() -> str:
    return "ended"
