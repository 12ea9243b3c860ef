"""Test what is written, what is hidden, and what goes wrong. No cluster is needed."""

import json
import pickle
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, TestCase, TransactionTestCase
from django.test.utils import override_settings
from django.urls import path, reverse
from django_q.models import OrmQ
from django_q.tasks import async_task

from . import receivers
from .models import Entry, delete_old_entries
from .receivers import FACTS, kind_of_error
from .redaction import HIDDEN, describe
from .tasks import charge
from .who import acting, acting_as, current, record_user

TASK = f"{charge.__module__}.charge"


def package() -> dict[str, Any]:
    """Return what a worker gets of the newest task."""
    return OrmQ.objects.latest("pk").task


def run(task: dict[str, Any], success: bool = True, result: str = "") -> None:
    """Do with a task what a worker does; the monitor must be able to unpickle it."""
    begin(task)
    end(task, success, result)


def begin(task: dict[str, Any]) -> None:
    receivers.begin(task=task)


def end(task: dict[str, Any], success: bool = True, result: str = "") -> None:
    task |= {"success": success, "result": result}
    receivers.end(task=task)
    pickle.dumps(task)


def events() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("pk").values_list("event", "who"))


def fail(password: str) -> None:
    raise ValueError(f"{password} is wrong")


def enqueue_another() -> None:
    async_task("math.sqrt", 4)


def view(request: HttpRequest) -> HttpResponse:
    async_task("math.sqrt", 4)
    return HttpResponse()


async def async_view(request: HttpRequest) -> HttpResponse:
    await sync_to_async(async_task)("math.sqrt", 4)
    return HttpResponse()


urlpatterns = [path("view", view), path("async", async_view)]


class TrailTests(TestCase):
    def test_each_moment_has_an_entry(self):
        with acting_as("user 7"):
            task = async_task(charge, 7, card_token="tok_4242")
        run(package())
        self.assertEqual(
            events(),
            [("requested", "user 7"), ("began", "user 7"), ("succeeded", "user 7")],
        )
        entry = Entry.objects.earliest("pk")
        self.assertEqual((entry.task_id, entry.func), (task, TASK))
        self.assertFalse(Entry.objects.exclude(arguments=entry.arguments).exists())
        self.assertFalse(Entry.objects.exclude(enqueued=entry.enqueued).exists())
        self.assertNotIn("4242", str(entry))

    def test_a_failure_has_the_class_of_its_error_and_not_its_message(self):
        with self.assertRaises(ValueError):
            async_task(fail, "hunter2", sync=True)
        self.assertEqual(Entry.objects.get(event="failed").error, "ValueError")
        text = ' : Traceback (most recent call last):\n  File "a.py", line 1\n    x\n'
        async_task(fail, "hunter2")
        run(package(), success=False, result=f"no{text}shop.NoMoney: tok_4242\nno")
        self.assertEqual(Entry.objects.latest("pk").error, "shop.NoMoney")
        self.assertNotIn("hunter2", " ".join(map(str, Entry.objects.all())))

    def test_an_error_without_a_message_or_without_a_traceback(self):
        self.assertEqual(kind_of_error('\n  File "a"\n    x\nKeyError\n'), "KeyError")
        self.assertEqual(kind_of_error(""), "")

    def test_what_was_queued_before_has_no_known_owner(self):
        async_task(charge, 7, card_token="tok_4242")
        Entry.objects.all().delete()
        old = package()
        del old[FACTS]
        run(old)
        self.assertEqual(events(), [("began", "unknown"), ("succeeded", "unknown")])
        self.assertIn(HIDDEN, Entry.objects.latest("pk").arguments)

    def test_delivered_twice_it_has_two_runs(self):
        async_task("math.sqrt", 4)
        run(package())
        run(package())
        runs = Entry.objects.filter(event="began").values_list("run", flat=True)
        self.assertEqual(len(set(runs)), 2)
        self.assertFalse(Entry.objects.unended().exists())

    def test_a_run_that_never_ended(self):
        self.addCleanup(acting.set, None)
        async_task("math.sqrt", 4)
        begin(package())
        self.assertEqual(Entry.objects.unended().count(), 1)
        self.assertEqual(Entry.objects.unended(seconds=60).count(), 0)
        Entry.objects.update(at=F("at") - timedelta(seconds=61))
        self.assertEqual(Entry.objects.unended(seconds=60).count(), 1)
        run(package())  # The task runs again; its first run has still not ended.
        self.assertEqual(Entry.objects.unended(seconds=60).count(), 1)

    def test_old_entries_are_deleted(self):
        async_task("math.sqrt", 4)
        Entry.objects.update(at=F("at") - timedelta(days=31))
        async_task("math.sqrt", 9)
        self.assertEqual(delete_old_entries(days=30), 1)
        self.assertEqual(Entry.objects.count(), 1)


class WhoTests(TestCase):
    def test_without_a_name_it_is_the_command(self):
        argv = ["./manage.py", "qcluster", "--verbosity=3"]
        with acting_as(""), patch("sys.argv", argv):
            self.assertEqual(current(), "manage.py qcluster")

    def test_a_task_enqueues_for_the_one_who_enqueued_it(self):
        with acting_as("user 7"):
            async_task(enqueue_another, sync=True)
            async_task("math.sqrt", 9)
        self.assertEqual({who for _, who in events()}, {"user 7"})
        self.assertNotEqual(current(), "user 7")

    def test_the_user_of_a_request(self):
        request = RequestFactory().get("/")
        for user, who in (
            (User.objects.create_user("ada"), f"user {User.objects.get().pk}"),
            (AnonymousUser(), "anonymous"),
        ):
            request.user = user
            record_user(view)(request)
            self.assertEqual(Entry.objects.latest("pk").who, who)

    def test_a_user_who_cannot_be_read(self):
        with self.assertLogs(record_user.__module__, "ERROR"):
            record_user(view)(RequestFactory().get("/"))
        self.assertEqual(events(), [("requested", "unknown")])

    def test_the_settings_have_the_middleware(self):
        self.assertIn(f"{record_user.__module__}.record_user", settings.MIDDLEWARE)


class RedactionTests(TestCase):
    def test_a_secret_is_hidden_under_any_name_that_django_hides(self):
        text = describe(fail, ("hunter2",), {})
        self.assertEqual(json.loads(text), {"password": HIDDEN})
        text = describe(dict, (), {"user": {"API_key": "hunter2", "name": "ada"}})
        self.assertEqual(json.loads(text), {"user": {"API_key": HIDDEN, "name": "ada"}})

    def test_arguments_that_have_no_names_are_not_shown(self):
        for func in ("shop.no_such", "math.hypot", fail):
            text = describe(func, ("hunter2", "hunter2"), {})
            self.assertNotIn("hunter2", text)
            self.assertIn("<str>", text)

    def test_what_no_database_stores_is_written_as_text(self):
        itself: list[Any] = []
        itself.append(itself)
        values = (
            ["\0", "\ud800", "💡", float("nan"), 10**5000, {1, 2}, b"x", User()],
            [itself, [[]] * 1000, "x" * 1_000_000, {0: {None: ["y" * 500] * 500}}],
        )
        for value in values:
            async_task(print, value)
        self.assertEqual(Entry.objects.count(), 2)
        for entry in Entry.objects.all():
            self.assertLess(len(entry.arguments), 6000)
        self.assertIn("<User>", Entry.objects.earliest("pk").arguments)


class AdminTests(TestCase):
    def setUp(self):
        self.client.force_login(User.objects.create_superuser("chair"))
        async_task(charge, 7, card_token="tok_4242")
        async_task("math.sqrt", 4)
        self.addCleanup(acting.set, None)
        begin(package())

    def test_it_shows_the_trail_and_changes_nothing(self):
        name = Entry._meta.app_label
        url = reverse(f"admin:{name}_entry_changelist")
        page = self.client.get(url)
        self.assertContains(page, "3 entries")
        self.assertNotContains(page, "4242")
        Entry.objects.update(at=F("at") - timedelta(days=1))
        page = self.client.get(url, {"unended": "yes"})
        self.assertContains(page, "1 entry")
        one = Entry.objects.latest("pk")
        change = reverse(f"admin:{name}_entry_change", args=[one.pk])
        self.assertContains(self.client.get(change), "math.sqrt")
        self.assertEqual(self.client.post(change, {"who": "me"}).status_code, 403)
        model_admin = admin.site.get_model_admin(Entry)
        request = RequestFactory().get("/")
        request.user = User.objects.get()
        self.assertFalse(model_admin.has_add_permission(request))
        self.assertFalse(model_admin.has_delete_permission(request))


class FaultTests(TransactionTestCase):
    def test_a_rollback_in_the_task_leaves_the_trail(self):
        async_task("math.sqrt", 4)
        task = package()
        begin(task)
        with transaction.atomic():
            User.objects.create_user("ada")
            transaction.set_rollback(True)
        end(task, success=False)
        self.assertEqual(events()[-1][0], "failed")
        self.assertFalse(User.objects.exists())

    def test_a_rollback_of_the_caller_takes_task_and_request_back(self):
        with transaction.atomic():
            async_task("math.sqrt", 4)
            transaction.set_rollback(True)
        self.assertEqual((OrmQ.objects.count(), Entry.objects.count()), (0, 0))

    def test_an_entry_that_is_refused_leaves_the_callers_transaction_alone(self):
        with transaction.atomic(), self.assertLogs(level="ERROR") as logs:
            with (
                acting_as("a NUL \0 and a letter"),
                patch.object(Entry, "save", side_effect=DatabaseError("no such table")),
            ):
                async_task(charge, 7, card_token="tok_4242")
            User.objects.create_user("ada")
        self.assertTrue(User.objects.exists() and OrmQ.objects.exists())
        self.assertIn('"event": "requested"', logs.output[0])
        self.assertNotIn("tok_4242", logs.output[0])

    def test_without_the_database_the_entry_is_in_the_log(self):
        async_task("math.sqrt", 4)
        task = package()
        gone = patch.object(Entry, "save", side_effect=OperationalError("gone"))
        with gone, self.assertLogs(level="ERROR") as logs:
            run(task)
        self.assertEqual(len(logs.output), 2)
        self.assertIn('"event": "succeeded"', logs.output[1])

    def test_a_connection_that_died_is_opened_again(self):
        save = Entry.save

        def fail_once(entry: Entry, **options: Any) -> None:
            if connection.in_atomic_block:
                raise OperationalError("server closed the connection")
            save(entry, **options)

        async_task("math.sqrt", 4)
        task = package()
        with patch.object(Entry, "save", fail_once):
            run(task)
        self.assertEqual([event for event, _ in events()][1:], ["began", "succeeded"])
        with (
            patch.object(Entry, "save", fail_once),
            self.assertLogs(level="ERROR"),
            transaction.atomic(),
        ):
            async_task("math.sqrt", 9)
        self.assertEqual(OrmQ.objects.count(), 2)

    def test_a_receiver_never_raises(self):
        for receiver in (receivers.request, receivers.begin, receivers.end):
            with self.assertLogs(level="ERROR") as logs:
                receiver(task={"id": "x"})
            self.assertIn("the audit trail of task x has a gap", logs.output[0])


@override_settings(
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        f"{record_user.__module__}.record_user",
    ],
)
class ServerTests(TransactionTestCase):
    def test_a_view(self):
        ada = User.objects.create_user("ada")
        self.client.force_login(ada)
        self.client.get("/view")
        self.assertEqual(events(), [("requested", f"user {ada.pk}")])

    async def test_an_async_view(self):
        ada = await User.objects.acreate(username="ada")
        await self.async_client.aforce_login(ada)
        await self.async_client.get("/async")
        entry = await Entry.objects.aget()
        self.assertEqual(entry.who, f"user {ada.pk}")
