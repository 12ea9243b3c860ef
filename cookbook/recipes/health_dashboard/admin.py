"""The page, behind the admin's login and the permission to view tasks.

>>> from cookbook.recipes.health_dashboard.facts import tables
>>> from cookbook.recipes.health_dashboard.models import Health
>>> import time
>>> from unittest.mock import patch
>>> from html.parser import HTMLParser
>>> from django.contrib.admin.templatetags.admin_urls import admin_urlname
>>> from django.contrib.auth import get_user_model
>>> from django.contrib.auth.models import Permission
>>> from django.core.management import call_command
>>> from django.test import Client
>>> from django.urls import reverse
>>> from django_q.models import OrmQ
>>> from django_q.status import Stat
>>> from django_q.tasks import async_task, fetch, result
>>> from cookbook.recipes.health_dashboard.facts import queues, slowest
>>> call_command("createcachetable")

Something to look at: a task that worked, one that failed, a queue that nobody serves.

>>> result(async_task("math.sqrt", 4), wait=60_000)
2.0
>>> fetch(async_task("math.sqrt", -1), wait=60_000).success
False
>>> for _ in range(3):
...     _ = async_task("math.sqrt", 9, cluster="reports")
>>> deadline = time.monotonic() + 90
>>> while not (stats := Stat.get_all()):
...     assert time.monotonic() < deadline
...     time.sleep(0.1)

Nobody sees the page without logging in, and no member of staff without the permission.

>>> page = reverse(admin_urlname(Health._meta, "changelist"))
>>> browser = Client(SERVER_NAME="localhost")
>>> browser.get(page).status_code
302
>>> ada = get_user_model().objects.create_user("ada", is_staff=True)
>>> browser.force_login(ada)
>>> browser.get(page).status_code, page in browser.get("/admin/").content.decode()
(403, False)
>>> ada.user_permissions.add(Permission.objects.get(codename="view_task"))
>>> page in browser.get("/admin/").content.decode()
True

The facts, and the words around them:

>>> shown = browser.get(page).content.decode()
>>> [(queue["key"], queue["waiting"]) for queue in queues() if queue["waiting"]]
[('reports', 3)]
>>> [(row["func"], row["runs"]) for row in slowest()]
[('math.sqrt', 2)]
>>> with patch.object(Stat, "get_all", return_value=stats):
...     for caption, heads, rows, nothing in tables():
...         caption, caption in shown, len(rows)
('Clusters', True, 1)
('Queues', True, 2)
('Last failures', True, 1)
('Slowest functions, wait included', True, 1)
>>> "math domain error" in shown, "reports" in shown
(True, True)

A package that cannot be read has no age, and does no harm:

>>> OrmQ.objects.filter(key="reports").update(payload="rubbish")
3
>>> browser.get(page).status_code
200

No inline script, style or handler, so a strict Content-Security-Policy allows it:

>>> class Inline(HTMLParser):
...     def handle_starttag(self, tag, attributes):
...         names = dict(attributes)
...         inline = tag == "style" or (tag == "script" and "src" not in names)
...         if inline or any(n == "style" or n.startswith("on") for n in names):
...             print(tag, attributes)
>>> Inline().feed(shown)

Without clusters and packages it says so.

>>> with patch.object(Stat, "get_all", return_value=[]):
...     "No cluster has a heartbeat." in browser.get(page).content.decode()
True
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path

from .facts import tables
from .models import Health


@admin.register(Health)
class HealthAdmin(admin.ModelAdmin):
    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("django_q.view_task")

    has_module_permission = has_view_permission

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_urls(self):
        """Put the page where the list of objects would be; there is nothing else."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        return [path("", self.admin_site.admin_view(self.page), name=name)]

    def page(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request)
        context |= {"title": self.opts.verbose_name, "tables": tables()}
        return TemplateResponse(request, "health_dashboard/page.html", context)
