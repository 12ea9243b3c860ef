"""The members of a club; each gets the next free number."""

from django.db import models


class Member(models.Model):
    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=100)

    def __str__(self):
        return f"{self.number} {self.name}"
