"""A row for each task that was cancelled, or that can no longer be."""

from datetime import timedelta

from django.db import models
from django.utils import timezone


class Decision(models.Model):
    """The first insert decides: that of `cancel()`, or that of the task."""

    task_id = models.CharField(max_length=32, primary_key=True)
    cancelled = models.BooleanField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.task_id} {'cancelled' if self.cancelled else 'final'}"


def delete_old_decisions(days: int) -> int:
    """Delete what was decided `days` ago. No such task may still be in the queue."""
    old = timezone.now() - timedelta(days=days)
    return Decision.objects.filter(created__lt=old).delete()[0]
