"""The page, behind the admin's login and the permission to view tasks.

A task has failed, and two wait in a queue that no cluster serves:

>>> from django.contrib.auth import get_user_model
>>> from django.core.management import call_command
>>> from django.test import Client
>>> from django_q.tasks import async_task, fetch
>>> call_command("createcachetable")
>>> fetch(async_task("math.sqrt", -1), wait=60_000).success
False
>>> ids = [async_task("math.sqrt", 4, cluster="reports") for _ in range(2)]

A superuser opens the page:

>>> from django.contrib.admin.templatetags.admin_urls import admin_urlname
>>> from django.urls import reverse
>>> from cookbook.recipes.health_dashboard.models import Health
>>> address = reverse(admin_urlname(Health._meta, "changelist"))
>>> browser = Client(SERVER_NAME="localhost")
>>> browser.force_login(get_user_model().objects.create_superuser("ada"))
>>> page = browser.get(address).content.decode()
>>> "reports" in page, "math domain error" in page
(True, True)
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from .facts import tables
from .models import Health


@admin.register(Health)
class HealthAdmin(admin.ModelAdmin):
    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("django_q.view_task")

    has_module_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """Put the page where the list of objects would be; there is nothing else."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        return [path("", self.admin_site.admin_view(self.page), name=name)]

    def page(self, request: HttpRequest) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request)
        context |= {"title": self.opts.verbose_name, "tables": tables()}
        return TemplateResponse(request, "health_dashboard/page.html", context)
