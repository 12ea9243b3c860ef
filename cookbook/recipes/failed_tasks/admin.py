"""Show why a task failed, and let only those resubmit it who may delete it.

In `python manage.py shell`, while a cluster runs. A task fails, and the list of failed
tasks shows its error without the traceback:

>>> from django.contrib import admin
>>> from django_q.models import Failure
>>> from django_q.tasks import async_task, fetch
>>> task = async_task("math.sqrt", -1)
>>> fetch(task, wait=10_000).success
False
>>> admin.site.get_model_admin(Failure).error(Failure.objects.get(id=task))
'math domain error'
"""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.admin import FailAdmin, resubmit_task
from django_q.models import Failure

admin.site.unregister(Failure)


@admin.register(Failure)
class FailureAdmin(FailAdmin):
    list_display = ("name", "func", "attempt_count", "since_queued", "stopped", "error")
    actions = ("resubmit",)

    @admin.display(description="from queued to stopped")
    def since_queued(self, failure: Failure) -> str:
        return f"{failure.time_taken():.1f} s"

    @admin.display
    def error(self, failure: Failure) -> str:
        return str(failure.result).partition(" : Traceback")[0]

    @admin.action(permissions=["delete"], description="Queue again and delete here")
    def resubmit(self, request: HttpRequest, failures: QuerySet[Failure]) -> None:
        try:
            resubmit_task(self, request, failures)
        except Exception as error:  # Each broker's driver has errors of its own.
            note = f"Not all were queued; those are still here: {error}"
            self.message_user(request, note, messages.ERROR)
