"""Test edge cases and faults of the page. No cluster is needed."""

from html.parser import HTMLParser
from types import SimpleNamespace
from unittest.mock import patch

from django.conf import settings
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils.timezone import now
from django_q.models import OrmQ, Task
from django_q.status import Stat
from django_q.tasks import async_task

from .facts import clusters, queues, slowest, tables
from .models import Health


class Inline(HTMLParser):
    """Find what a strict Content-Security-Policy refuses."""

    def __init__(self):
        super().__init__()
        self.refused = []

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        inline = tag == "style" or (tag == "script" and "src" not in names)
        if inline or any(n == "style" or n.startswith("on") for n in names):
            self.refused.append((tag, attributes))


# A project may refuse a queue that its settings do not name.
QUEUES = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"reports": {}}}


@override_settings(Q_CLUSTER=QUEUES)
class HealthDashboardTests(TestCase):
    def setUp(self):
        self.page = reverse(admin_urlname(Health._meta, "changelist"))
        self.ada = get_user_model().objects.create_user("ada", is_staff=True)
        stats = patch.object(Stat, "get_all", return_value=[])
        self.stats = self.enterContext(stats)

    def permit(self) -> None:
        self.ada.user_permissions.add(Permission.objects.get(codename="view_task"))
        self.client.force_login(self.ada)

    def see(self) -> str:
        answer = self.client.get(self.page)
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def test_inline_code_would_be_found(self):
        parser = Inline()
        parser.feed("<p style='color: red'>")
        self.assertEqual(parser.refused, [("p", [("style", "color: red")])])

    def test_nobody_sees_it_without_logging_in(self):
        self.assertEqual(self.client.get(self.page).status_code, 302)

    def test_staff_needs_the_permission_to_view_tasks(self):
        self.client.force_login(self.ada)
        index = reverse("admin:index")
        self.assertEqual(self.client.get(self.page).status_code, 403)
        self.assertNotContains(self.client.get(index), self.page)
        self.permit()
        self.assertContains(self.client.get(index), self.page)
        self.assertEqual(self.client.get(self.page).status_code, 200)

    def test_it_says_when_there_is_nothing(self):
        self.permit()
        page = self.see()
        for table in tables():
            self.assertIn(table.caption, page)
            self.assertIn(table.nothing, page)

    def test_it_shows_clusters(self):
        self.permit()
        self.stats.return_value = [
            SimpleNamespace(host="one", pid=7, status="Idle", workers=[8, 9],
                            task_q_size=0, tob=now())
        ]  # fmt: skip
        self.assertInHTML("<td>one</td>", self.see())

    def test_it_survives_a_cache_that_is_down(self):
        self.permit()
        self.stats.side_effect = ConnectionError("refused")
        with self.assertLogs(clusters.__module__, "WARNING"):
            self.assertIn("No heartbeat can be read: ConnectionError", self.see())

    def test_it_survives_a_package_that_cannot_be_read(self):
        self.permit()
        async_task("math.sqrt", 4, cluster="reports")
        OrmQ.objects.update(payload="rubbish")
        self.assertIn("reports", self.see())
        self.assertEqual(queues(), [("reports", 1, 0, None)])

    def test_a_task_may_end_between_the_queries(self):
        async_task("math.sqrt", 4, cluster="reports")
        gone = patch.object(OrmQ.objects, "in_bulk", return_value={})
        with gone:
            self.assertEqual(queues(), [("reports", 1, 0, None)])

    def test_functions_are_ordered_by_their_longest_run(self):
        for number, seconds in enumerate([1, 5, 3]):
            Task.objects.create(
                id=str(number), name=str(number), func="abs"[: number + 1],
                started=now(), stopped=now().replace(year=2000 + seconds),
                success=True,
            )  # fmt: skip
        self.assertEqual([row[0] for row in slowest()], ["ab", "abs", "a"])

    def test_a_strict_policy_allows_it(self):
        self.permit()
        parser = Inline()
        parser.feed(self.see())
        self.assertEqual(parser.refused, [])
