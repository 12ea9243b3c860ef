"""When the next call may begin: one row that all processes share."""

from django.db import models


class Slot(models.Model):
    name = models.CharField(max_length=100, primary_key=True)
    free = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.free}"
