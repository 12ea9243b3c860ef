"""A run of a workflow: the row that the request, the task and the page share."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class WorkflowRun(models.Model):
    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    workflow = models.CharField(max_length=50)
    inputs = models.JSONField(default=dict)
    outputs = models.JSONField(null=True)
    error = models.TextField(blank=True)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    progress = models.PositiveSmallIntegerField(default=0, help_text="per cent")
    timeout = models.PositiveIntegerField(default=600, help_text="seconds")
    deliveries = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.workflow} {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("long_workflow:page", args=[self.pk])

    @property
    def task_name(self) -> str:
        """The name of the task in Django-Q2, which stores at most 100 characters."""
        return f"workflow-{self.pk}"

    def claim(self) -> bool:
        """Start the run. Return True for the first delivery, False for all others."""
        mine = WorkflowRun.objects.filter(pk=self.pk)
        mine.update(deliveries=models.F("deliveries") + 1)
        claimed = mine.filter(status=self.Status.QUEUED).update(
            status=self.Status.RUNNING, started=timezone.now()
        )
        self.refresh_from_db()
        return bool(claimed)

    def finish(self, status: str, outputs: Any = None, error: str = "") -> None:
        """End the run, unless it has already ended."""
        # PostgreSQL can store neither NUL nor a lone surrogate.
        error = error.replace("\0", "").encode(errors="replace").decode()
        mine = WorkflowRun.objects.filter(pk=self.pk, finished=None)
        mine.update(
            status=status, outputs=outputs, error=error, finished=timezone.now()
        )
        self.refresh_from_db()

    def fail_if_lost(self) -> None:
        """Fail a run that is still running 30 seconds after its timeout."""
        end = timedelta(seconds=self.timeout + 30)
        if self.status == self.Status.RUNNING and self.started + end < timezone.now():
            self.finish(
                self.Status.FAILED, error="its worker died or lost the database"
            )
