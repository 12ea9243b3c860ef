"""Which errors are tried again, when, how often, and never twice. No cluster runs."""

import ast
from datetime import timedelta
from pickle import PicklingError
from pydoc import locate
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core import mail
from django.db import OperationalError
from django.test import TestCase
from django.utils import timezone
from django_q.exceptions import TimeoutException
from django_q.models import Schedule
from django_q.tasks import async_task

from . import retrying, tasks

ERRORS = {"passing": ConnectionError, "slow": TimeoutException, "permanent": KeyError}
OPTIONS = {"ack_failure": True, "cluster": "mail"}


@retrying.retrying(on=(ConnectionError, TimeoutException), tries=3, cluster="mail")
def fail(error: str, word: str = "") -> None:
    raise ERRORS[error](word)


def plans() -> list[tuple[int, int]]:
    """Return the schedules of tries: number of the try, runs that are left."""
    rows = Schedule.objects.order_by("pk")
    return [(ast.literal_eval(row.args)[1], row.repeats) for row in rows]


class TryTests(TestCase):
    def setUp(self):  # It would close the connection of the test's transaction.
        self.enterContext(patch.object(retrying, "close_old_connections"))

    def attempt(self, number=1, error="passing", group="g"):
        with self.assertLogs(retrying.logger, "WARNING"):
            return fail.attempt(group, number, (error,), {"word": "it's"})

    def test_a_passing_error_schedules_the_next_try(self):
        self.assertIn('try 1 of 3: ConnectionError("it\'s")', self.attempt())
        self.assertEqual(plans(), [(2, 1)])

    def test_a_try_that_takes_too_long_can_be_repeated(self):
        self.attempt(error="slow")
        self.assertEqual(plans(), [(2, 1)])

    def test_a_permanent_error_fails_at_once(self):
        with self.assertRaises(KeyError):
            fail.attempt("g", 1, ("permanent",), {})
        self.assertEqual(plans(), [])

    def test_the_last_try_fails_with_its_error(self):
        with self.assertRaises(ConnectionError):
            fail.attempt("g", 3, ("passing",), {})
        self.assertEqual(plans(), [])

    def test_tries_that_are_delivered_twice(self):
        for number in (1, 1, 2, 1, 2):
            self.attempt(number)
        self.assertEqual(plans(), [(2, 1), (3, 1)])

    def test_a_try_that_is_delivered_again_after_the_next_one_ran(self):
        self.attempt()
        Schedule.objects.update(repeats=0)  # As the scheduler does.
        self.attempt()
        self.assertEqual(plans(), [(2, 0)])

    def test_two_workers_at_the_same_moment(self):
        self.attempt()
        with patch("django.db.models.QuerySet.exists", return_value=False):
            self.attempt()
        self.assertEqual(plans(), [(2, 1)])

    def test_two_tasks_do_not_share_their_tries(self):
        self.attempt(group="g")
        self.attempt(group="h")
        self.assertEqual(plans(), [(2, 1), (2, 1)])

    def test_the_next_try_has_the_arguments_and_the_options(self):
        now = timezone.now()
        self.attempt()
        row = Schedule.objects.get()
        self.assertEqual(
            ast.literal_eval(row.args), ("g", 2, ("passing",), {"word": "it's"})
        )
        options = ast.literal_eval(row.kwargs)["q_options"]
        self.assertEqual(options, OPTIONS | {"group": "g"})
        self.assertEqual((row.func, row.cluster), (fail.path, "mail"))
        self.assertTrue(5 <= (row.next_run - now).total_seconds() <= 11)

    def test_old_rows_are_deleted_and_others_stay(self):
        then = timezone.now() - retrying.KEEP - timedelta(days=1)
        for name in ("retry old 2", "backup"):
            Schedule.objects.create(
                name=name, func="math.sqrt", args="4", repeats=0, next_run=then
            )
        self.attempt()
        names = Schedule.objects.order_by("pk").values_list("name", flat=True)
        self.assertEqual(list(names), ["backup", "retry g 2"])

    def test_a_database_that_comes_back(self):
        create = Schedule.objects.create
        answers = [OperationalError("gone"), OperationalError("gone"), create]

        def answer(**row):
            if isinstance(one := answers.pop(0), Exception):
                raise one
            return one(**row)

        with patch.object(Schedule.objects, "create", answer):
            self.attempt()
        self.assertEqual(plans(), [(2, 1)])

    def test_without_a_next_try_the_worker_ends_and_acknowledges_nothing(self):
        for error in (OperationalError, TimeoutException):
            gone = patch.object(Schedule.objects, "create", side_effect=error)
            none = patch.object(retrying, "PATIENCE", 0)
            with gone, none, self.assertRaises(SystemExit) as caught:
                self.attempt()
            self.assertNotIsInstance(caught.exception, TimeoutException)

    def test_delays_grow_up_to_a_limit(self):
        with patch("random.uniform", lambda low, high: high):
            delays = [tasks.send_welcome.delay(n) for n in (1, 2, 3, 9, 10, 5000)]
        self.assertEqual(delays, [10, 20, 40, 2560, 3600, 3600])

    def test_delays_differ(self):
        delays = {fail.delay(1) for _ in range(20)}
        self.assertGreater(len(delays), 1)
        self.assertTrue(all(5 <= delay <= 10 for delay in delays))


class EnqueueTests(TestCase):
    def enqueue(self, *args, **kwargs):
        with patch.object(retrying, "async_task") as enqueue:
            group = fail.enqueue(*args, **kwargs)
        return group, enqueue.call_args

    def test_the_first_try(self):
        group, call = self.enqueue("passing", word="it's")
        args = (fail.path, group, 1, ("passing",), {"word": "it's"})
        self.assertEqual(call.args, args)
        self.assertEqual(call.kwargs, {"q_options": OPTIONS | {"group": group}})

    def test_a_worker_and_a_schedule_find_it_by_its_path(self):
        path = fail.path.removesuffix("attempt")
        self.assertEqual(locate(f"{path}attempt"), fail.attempt)
        self.assertEqual(locate(f"{path}enqueue"), fail.enqueue)

    def test_it_is_not_enqueued_without_retries_by_mistake(self):
        with self.assertRaises(PicklingError):
            async_task(fail, "passing")

    def test_only_what_a_schedule_can_store(self):
        for value in (timezone.now(), object(), float("nan"), float("inf")):
            with self.assertRaisesMessage(ValueError, "use numbers, strings"):
                self.enqueue("passing", word=value)
        self.enqueue("passing", word=[None, {"a": (1, 2.5, "ž\0", b"b", True)}])

    def test_options_that_cannot_be(self):
        for wrong in (
            {"tries": 0}, {"base": -1}, {"base": 20, "most": 10},
            {"group": "mail"}, {"chain": []}, {"hook": print},
        ):  # fmt: skip
            with self.subTest(wrong), self.assertRaises(ValueError):
                retrying.retrying(on=(OSError,), **wrong)(plans)


class WelcomeTests(TestCase):
    def test_a_call_runs_the_function_without_retries(self):
        ada = get_user_model().objects.create_user("ada", "ada@example.com")
        self.assertEqual(tasks.send_welcome(ada.pk), 1)
        self.assertEqual(tasks.send_welcome.attempt("g", 1, (ada.pk,), {}), 1)
        self.assertEqual(mail.outbox[1].to, ["ada@example.com"])

    def test_a_user_who_is_gone_is_a_permanent_error(self):
        with self.assertRaises(get_user_model().DoesNotExist):
            tasks.send_welcome.attempt("g", 1, (-1,), {})
        self.assertFalse(Schedule.objects.exists())
