"""Failed tasks in the admin: how often, how long, why, and who may try again.

>>> from django.contrib import admin
>>> from django_q.admin import FailAdmin
>>> from django_q.models import Failure
>>> from django_q.tasks import async_task, fetch
>>> from cookbook.recipes.sqlite_in_production.tasks import echo
>>> task = async_task(echo)
>>> fetch(task, wait=10_000).success
False
>>> admin.site.get_model_admin(Failure).error(Failure.objects.get(id=task))
"echo() missing 1 required positional argument: 'message'"

Somebody who may only look at failed tasks is offered no action; Django-Q2's own
admin lets the same user resubmit them, and so delete them:

>>> from django.contrib.auth.models import Permission, User
>>> from django.test import Client, RequestFactory
>>> request = RequestFactory().get("/")
>>> request.user = User.objects.create_user("viewer", is_staff=True)
>>> request.user.user_permissions.set(Permission.objects.filter(
...     codename="view_failure"))
>>> list(admin.site.get_model_admin(Failure).get_actions(request))
[]
>>> list(FailAdmin(Failure, admin.site).get_actions(request))
['resubmit_task']

Somebody who may delete them can resubmit them, in the real admin:

>>> from django.urls import reverse
>>> browser = Client(headers={"host": "localhost"})
>>> browser.force_login(User.objects.create_superuser("chair"))
>>> url = reverse("admin:django_q_failure_changelist")
>>> "echo() missing 1 required" in browser.get(url).text
True
>>> browser.post(url, {"action": "resubmit", "_selected_action": task}).status_code
302
>>> Failure.objects.filter(id=task).exists()
False
"""

from django.contrib import admin
from django_q.admin import FailAdmin, resubmit_task
from django_q.models import Failure

admin.site.unregister(Failure)


@admin.register(Failure)
class FailureAdmin(FailAdmin):
    list_display = ("name", "func", "attempt_count", "since_queued", "stopped", "error")
    actions = ("resubmit",)

    @admin.display(description="from queued to stopped")
    def since_queued(self, failure):
        return f"{failure.time_taken():.1f} s"

    @admin.display
    def error(self, failure):
        return failure.result.partition(" : Traceback")[0]

    @admin.action(permissions=["delete"], description="Queue again and delete here")
    def resubmit(self, request, failures):
        resubmit_task(self, request, failures)
