"""A run of a workflow: the row that the request, the task and the page share."""

import uuid
from datetime import timedelta

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
    timeout = models.PositiveSmallIntegerField(default=600, help_text="seconds")
    deliveries = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.workflow} {self.id}"

    def get_absolute_url(self):
        return reverse("long_workflow:page", args=[self.pk])

    @property
    def task_name(self):
        """How Django-Q2 knows its task; it keeps no more than 100 characters."""
        return f"workflow-{self.pk}"

    def claim(self):
        """Go from queued to running. True for one delivery, False for all others."""
        mine = WorkflowRun.objects.filter(pk=self.pk)
        mine.update(deliveries=models.F("deliveries") + 1)
        claimed = mine.filter(status=self.Status.QUEUED).update(
            status=self.Status.RUNNING, started=timezone.now()
        )
        self.refresh_from_db()
        return bool(claimed)

    def finish(self, status, error=""):
        self.status, self.error, self.finished = status, error, timezone.now()
        self.save(update_fields=["status", "error", "finished", "outputs"])

    def fail_if_lost(self):
        """Fail a run whose worker died: so long after its timeout, nobody runs it."""
        margin = timedelta(seconds=self.timeout + 30)
        if (
            self.status == self.Status.RUNNING
            and self.started + margin < timezone.now()
        ):
            self.finish(self.Status.FAILED, "its worker died")
