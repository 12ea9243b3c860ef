"""Test which results stay, and that each failure is enqueued once."""

import uuid
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q
from django.test import TestCase, TransactionTestCase
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Failure, OrmQ, Task

from . import rules, tasks
from .failures import resubmit

KEEP = {
    "invoices": (Q(group="invoices"), None),
    "failures": (Q(success=False), timedelta(days=90)),
    "imports": (Q(func__startswith="shop.imports."), timedelta(days=30)),
    "others": (Q(), timedelta(days=7)),
}


def store(name: str, days: float = 0, **fields: object) -> Task:
    then = timezone.now() - timedelta(days=days)
    values = {"func": "math.sqrt", "args": (4,), "kwargs": {}} | fields
    return Task.objects.create(
        id=uuid.uuid4().hex, name=name, started=then, stopped=then, **values
    )


def command(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


class DeleteTests(TestCase):
    def setUp(self):
        self.enterContext(patch.object(rules, "KEEP", KEEP))

    def names(self) -> set[str]:
        return set(Task.objects.values_list("name", flat=True))

    def test_the_first_rule_that_matches_decides(self):
        store("old invoice", 999, group="invoices")
        store("old invoice that failed", 999, group="invoices", success=False)
        store("failure", 89, success=False)
        store("old failure", 91, success=False)
        store("import", 29, func="shop.imports.prices")
        store("failure of an import", 31, func="shop.imports.prices", success=False)
        store("old import", 31, func="shop.imports.prices")
        store("other", 6, group="mail")
        store("old other", 8, group="mail")
        store("old other without a group", 8)
        report = tasks.delete_expired()
        self.assertEqual(report, {"deleted": 4, "complete": True})
        self.assertEqual(
            self.names(),
            {"old invoice", "old invoice that failed", "failure", "import",
             "failure of an import", "other"},
        )  # fmt: skip

    def test_without_a_rule_for_the_others_they_stay(self):
        store("old other", 999)
        store("old failure", 999, success=False)
        keep = {"failures": KEEP["failures"]}
        with patch.object(rules, "KEEP", keep):
            tasks.delete_expired()
        self.assertEqual(self.names(), {"old other"})

    def test_no_rule_deletes_nothing(self):
        store("old", 999)
        with patch.object(rules, "KEEP", {}):
            self.assertEqual(tasks.delete_expired()["deleted"], 0)

    def test_more_rows_than_a_batch(self):
        for number in range(7):
            store("old", 8)
            store(f"young {number}")
        with patch.object(tasks, "BATCH", 3):
            self.assertEqual(tasks.delete_expired()["deleted"], 7)
        self.assertEqual(len(self.names()), 7)

    def test_the_time_is_up(self):
        store("old", 8)
        self.assertIn("deleted 0 results\nthe time is up", command(
            "delete_results", "--seconds=0"
        ))  # fmt: skip
        self.assertIn("deleted 1 results\n", command("delete_results"))

    def test_a_dry_run_counts(self):
        store("old", 8, group="mail")
        store("young", 1)
        store("invoice", 999, group="invoices")
        text = command("delete_results", "--dry-run")
        self.assertIn("invoices: 1 results, kept for ever\n", text)
        self.assertIn("others: 2 results, 1 of them older than 7 days\n", text)
        self.assertEqual(len(self.names()), 3)


class TransactionTests(TransactionTestCase):
    def test_one_long_transaction_is_refused(self):
        store("old", 8)
        with transaction.atomic(), self.assertRaisesMessage(RuntimeError, "durable"):
            tasks.delete_expired()

    def test_a_failure_that_the_broker_does_not_take_stays(self):
        store("failure", success=False)
        with (
            patch.object(type(get_broker()), "enqueue", side_effect=OSError("refused")),
            self.assertRaisesMessage(OSError, "refused"),
        ):
            resubmit(Failure.objects.all())
        self.assertEqual(Failure.objects.count(), 1)


class ResubmitTests(TestCase):
    def test_the_call_and_its_options_are_the_same(self):
        hook = "builtins.print"
        store("failure", success=False, group="mail", hook=hook, kwargs={"x": 1})
        store("success")
        self.assertEqual(resubmit(Failure.objects.all()), 1)
        task = OrmQ.objects.get().task
        self.assertEqual(
            (task["func"], task["args"], task["kwargs"], task["group"], task["hook"]),
            ("math.sqrt", (4,), {"x": 1}, "mail", hook),
        )
        self.assertFalse(Failure.objects.exists())

    def test_a_failure_without_arguments(self):
        store("failure", success=False, args=None, kwargs=None)
        resubmit(Failure.objects.all())
        self.assertEqual(OrmQ.objects.get().task["args"], ())

    def test_a_failure_that_will_run_again_anyway_stays(self):
        store("failure", success=False)
        resubmit(Failure.objects.all())
        store("failure", success=False, args=(9,))
        Task.objects.filter(success=False).update(id=OrmQ.objects.get().task_id())
        self.assertEqual(resubmit(Failure.objects.all()), 0)

    def test_a_failure_that_somebody_else_resubmits(self):
        store("failure", success=False)
        failures = Failure.objects.all()
        pks = [failures[0].pk, "gone"]
        with patch.object(failures, "values_list", lambda *_, **__: pks):
            self.assertEqual(resubmit(failures), 1)

    def test_which_failures(self):
        store("new", success=False, group="mail")
        store("old", 2, success=False, group="mail")
        store("other", success=False, func="math.cbrt")
        choose = {
            ("--func=math.cbrt",): 1, ("--group=mail",): 2, ("--hours=3",): 2, (): 3,
            ("--group=mail", "--hours=3"): 1,
        }  # fmt: skip
        for options, count in choose.items():
            text = command("resubmit_failures", "--dry-run", *options)
            self.assertEqual(text, f"{count} failures\n")
        text = command("resubmit_failures", "--group=mail", "--hours=3")
        self.assertEqual(text, "resubmitted 1 of 1 failures\n")

    def test_no_failure_is_an_error(self):
        with self.assertRaisesMessage(CommandError, "no such failure"):
            command("resubmit_failures", "--func=no.such")
