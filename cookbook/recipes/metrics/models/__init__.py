"""Counters that survive a restart and the pruning of results."""

from django.db import models
from django.db.models import F

BUCKETS = (0.1, 0.5, 1, 5, 10, 60, 300, 1800, float("inf"))  # Seconds.


def bucket(seconds):
    return next(limit for limit in BUCKETS if seconds <= limit)


class FinishedManager(models.Manager):
    def add(self, func, outcome, waited, ran):
        """Count a task: usually a SELECT and an UPDATE. Times are in seconds."""
        kind = {"func": func, "outcome": outcome,
                "wait_limit": bucket(waited), "run_limit": bucket(ran)}  # fmt: skip
        self.get_or_create(**kind)
        self.filter(**kind).update(
            tasks=F("tasks") + 1, waited=F("waited") + waited, ran=F("ran") + ran
        )


class Finished(models.Model):
    """How many runs of a function had this outcome and fell into these buckets."""

    func = models.CharField(max_length=256)
    outcome = models.CharField(max_length=7)
    wait_limit = models.FloatField()
    run_limit = models.FloatField()
    tasks = models.PositiveBigIntegerField(default=0)
    waited = models.FloatField(default=0)
    ran = models.FloatField(default=0)

    objects = FinishedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["func", "outcome", "wait_limit", "run_limit"],
                name="%(app_label)s_one_row_per_kind",
            )
        ]

    def __str__(self):
        return f"{self.func}, {self.outcome}: {self.tasks}"
