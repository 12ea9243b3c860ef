"""List the runs in the admin, with an action that runs them again."""

from datetime import timedelta

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from .models import WorkflowRun
from .tasks import queue_workflow


@admin.register(WorkflowRun)
class WorkflowRunAdmin(admin.ModelAdmin):
    list_display = ("id", "workflow", "user", "status", "progress", "took", "created")
    list_filter = ("status", "workflow")
    list_select_related = ("user",)
    ordering = ("-created",)
    actions = ("run_again",)
    # A run is a record of what happened, so it cannot be edited.
    readonly_fields = tuple(field.name for field in WorkflowRun._meta.fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def took(self, run: WorkflowRun) -> timedelta | None:
        """Running time, without the wait in the queue."""
        return run.finished - run.started if run.finished and run.started else None

    @admin.action(description="Run again, as a new run", permissions=["change"])
    def run_again(self, request: HttpRequest, runs: QuerySet[WorkflowRun]) -> None:
        for run in runs:
            try:
                again = queue_workflow(run.user, run.workflow, run.inputs, run.timeout)
            except ValueError as error:
                self.message_user(request, f"{run}: {error}", messages.ERROR)
            else:
                self.message_user(request, f"{run}: {again.error or 'queued again'}")
