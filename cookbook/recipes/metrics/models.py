"""Counters that survive a restart and the pruning of results."""

from django.db import models
from django.db.models import F

BUCKETS = (0.1, 0.5, 1, 5, 10, 60, 300, 1800, float("inf"))  # Seconds.


def bucket(seconds: float) -> float:
    return next(limit for limit in BUCKETS if seconds <= limit)


class FinishedManager(models.Manager["Finished"]):
    def add(self, func: str, outcome: str, waited: float, runtime: float) -> None:
        """Count a run. Usually this is one UPDATE. Times are in seconds.

        The clock of the host that enqueued may be ahead, so a wait can be negative;
        a counter never falls.
        """
        waited, runtime = max(waited, 0), max(runtime, 0)
        kind = {
            "func": func[:256],
            "outcome": outcome,
            "wait_limit": bucket(waited),
            "run_limit": bucket(runtime),
        }
        more = {"tasks": F("tasks") + 1, "waited": F("waited") + waited}
        rows = self.filter(**kind)
        if not rows.update(runtime=F("runtime") + runtime, **more):
            self.get_or_create(**kind)
            rows.update(runtime=F("runtime") + runtime, **more)


class Finished(models.Model):
    """How many runs of a function had this outcome and fell into these buckets."""

    func = models.CharField(max_length=256)
    outcome = models.CharField(max_length=7)
    wait_limit = models.FloatField()
    run_limit = models.FloatField()
    tasks = models.PositiveBigIntegerField(default=0)
    waited = models.FloatField(default=0)
    runtime = models.FloatField(default=0)

    objects = FinishedManager()

    class Meta:
        # Its name comes from the table, so an app of any name has the same migration.
        unique_together = [("func", "outcome", "wait_limit", "run_limit")]

    def __str__(self) -> str:
        return f"{self.func}, {self.outcome}: {self.tasks}"
