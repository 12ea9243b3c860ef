"""Test who sees which action, and what it does. No cluster is needed."""

from unittest.mock import patch

from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.test import RequestFactory, TestCase
from django.urls import reverse
from django.utils import timezone
from django_q.admin import FailAdmin
from django_q.brokers import get_broker
from django_q.models import Failure

from .admin import FailureAdmin


class FailedTasksTests(TestCase):
    def setUp(self):
        now = timezone.now()
        self.failure = Failure.objects.create(
            id="0" * 32, name="root of -1", func="math.sqrt", args=(-1,), kwargs={},
            started=now, stopped=now, success=False, attempt_count=3,
            result="math domain error : Traceback (most recent call last): …",
        )  # fmt: skip

    def actions(self, page: FailAdmin, codename: str) -> list[str]:
        request = RequestFactory().get("/")
        request.user = User.objects.create_user(codename, is_staff=True)
        wanted = Permission.objects.filter(codename=codename)
        request.user.user_permissions.set(wanted)
        return list(page.get_actions(request))

    def test_who_may_only_look_gets_no_action(self):
        page = admin.site.get_model_admin(Failure)
        self.assertIsInstance(page, FailureAdmin)
        self.assertEqual(self.actions(page, "view_failure"), [])

    def test_who_may_delete_may_resubmit(self):
        page = admin.site.get_model_admin(Failure)
        self.assertIn("resubmit", self.actions(page, "delete_failure"))

    def test_the_admin_of_django_q2_asks_for_no_permission(self):
        page = FailAdmin(Failure, admin.site)
        self.assertIn("resubmit_task", self.actions(page, "view_failure"))

    def test_the_list_shows_the_error_and_resubmits(self):
        self.client.force_login(User.objects.create_superuser("chair"))
        url = reverse("admin:django_q_failure_changelist")
        page = self.client.get(url)
        self.assertContains(page, "math domain error")
        self.assertNotContains(page, "Traceback")
        before = get_broker().queue_size()
        chosen = {"action": "resubmit", "_selected_action": self.failure.pk}
        self.client.post(url, chosen)
        self.assertFalse(Failure.objects.exists())
        self.assertEqual(get_broker().queue_size(), before + 1)

    def test_a_failure_that_the_broker_does_not_take_is_kept(self):
        self.client.force_login(User.objects.create_superuser("chair"))
        url = reverse("admin:django_q_failure_changelist")
        chosen = {"action": "resubmit", "_selected_action": self.failure.pk}
        with patch.object(
            type(get_broker()), "enqueue", side_effect=OSError("refused")
        ):
            page = self.client.post(url, chosen, follow=True)
        self.assertContains(page, "those are still here: refused")
        self.assertTrue(Failure.objects.exists())

    def test_a_failure_without_a_result_is_shown(self):
        page = admin.site.get_model_admin(Failure)
        self.assertEqual(page.error(Failure(result=None)), "None")
