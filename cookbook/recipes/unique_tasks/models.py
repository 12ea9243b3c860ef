"""The keys of the tasks that are queued or running, with the ORM broker."""

from django.db import models
from django_q.models import OrmQ


class KeyManager(models.Manager["Key"]):
    def delete_free(self, **which: str) -> None:
        """Delete keys whose task has ended: its row in the queue is gone."""
        task = OrmQ.objects.filter(pk=models.OuterRef("message"))
        self.filter(~models.Exists(task), **which).delete()


class Key(models.Model):
    """`message` is the task's row in `django_q_ormq`."""

    key = models.CharField(max_length=200, unique=True)
    message = models.BigIntegerField()

    objects = KeyManager()

    def __str__(self) -> str:
        return self.key
