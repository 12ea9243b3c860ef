"""Entries of the trail. They are inserted, and never changed."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now


class EntryManager(models.Manager["Entry"]):
    def unended(self, seconds: float = 0) -> models.QuerySet["Entry"]:
        """Return the runs that began `seconds` ago or earlier and have not ended.

        After `timeout` seconds none of them still runs: their workers were killed.
        """
        ends = self.filter(run=models.OuterRef("run"), event__in=Entry.ENDS)
        old = Now() - timedelta(seconds=seconds)
        return self.filter(~models.Exists(ends), event=Entry.Event.BEGAN, at__lte=old)


class Entry(models.Model):
    """What happened to a task. Each entry says all that is known of it."""

    class Event(models.TextChoices):
        REQUESTED = "requested"
        BEGAN = "began"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    ENDS = (Event.SUCCEEDED, Event.FAILED)

    # The clock of the database: those of the hosts may differ.
    at = models.DateTimeField(db_default=Now(), db_index=True)
    event = models.CharField(max_length=9, choices=Event.choices)
    task_id = models.CharField(max_length=32, db_index=True)
    # A task that is delivered twice runs twice.
    run = models.CharField(max_length=32, blank=True, db_index=True)
    who = models.CharField(max_length=150)
    func = models.CharField(max_length=256)
    arguments = models.TextField()
    enqueued = models.DateTimeField()
    error = models.CharField(max_length=150, blank=True)
    process = models.CharField(max_length=150)

    objects = EntryManager()

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        what = f"{self.who} {self.event} {self.func} {self.arguments} {self.error}"
        return what.strip()


def delete_old_entries(days: int) -> int:
    """Delete what happened `days` ago or earlier; return the number of entries."""
    return Entry.objects.filter(at__lte=Now() - timedelta(days=days)).delete()[0]
