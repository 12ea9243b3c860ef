"""The runs in the admin, with an action that runs some of them again.

>>> from cookbook.recipes.long_workflow.models import WorkflowRun
>>> from cookbook.recipes.long_workflow.tasks import queue_workflow
>>> from django.contrib.admin.templatetags.admin_urls import admin_urlname
>>> from django.contrib.auth import get_user_model
>>> from django.test import Client
>>> from django.urls import reverse
>>> from django_q.tasks import result
>>> root = get_user_model().objects.create_superuser("root")
>>> first = queue_workflow(root, "report", {"pages": 1, "seconds": 0})
>>> result(first.task_name, wait=10_000)
'completed'
>>> browser = Client(SERVER_NAME="localhost")
>>> browser.force_login(root)
>>> runs = reverse(admin_urlname(WorkflowRun._meta, "changelist"))
>>> browser.post(runs, {"action": "run_again", "_selected_action": first.pk})
<HttpResponseRedirect status_code=302, "text/html; charset=utf-8", url="/admin/...">
>>> again = WorkflowRun.objects.latest("created")
>>> result(again.task_name, wait=10_000), again.pk == first.pk
('completed', False)
>>> "1 queued again" in browser.get(runs).content.decode()
True
"""

from django.contrib import admin

from .models import WorkflowRun
from .tasks import queue_workflow


@admin.register(WorkflowRun)
class WorkflowRunAdmin(admin.ModelAdmin):
    list_display = ["id", "workflow", "user", "status", "progress", "took", "created"]
    list_filter = ["status", "workflow"]
    list_select_related = ["user"]
    ordering = ["-created"]
    actions = ["run_again"]
    # A run is what happened: look at it, do not edit it.
    readonly_fields = [f.name for f in WorkflowRun._meta.fields]

    def has_add_permission(self, request):
        return False

    def took(self, run):
        """Running time, without the wait in the queue."""
        return run.finished - run.started if run.finished and run.started else None

    @admin.action(description="Run again, as a new run", permissions=["change"])
    def run_again(self, request, runs):
        for run in runs:
            queue_workflow(run.user, run.workflow, run.inputs, run.timeout)
        self.message_user(request, f"{len(runs)} queued again")
