"""Enqueue a task unless one with the same key is queued or running: ORM broker.

>>> from time import sleep
>>> from cookbook.recipes.unique_tasks.unique import enqueue_once
>>> first = enqueue_once("report:7", "time.sleep", 1)
>>> enqueue_once("report:7", "time.sleep", 1) is None
True

Another key is another task, and the key is free again when its task has ended:

>>> enqueue_once("report:8", "time.sleep", 1) is None
False
>>> while not (second := enqueue_once("report:7", "time.sleep", 1)):
...     sleep(0.1)
>>> second != first
True
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.tasks import async_task

from .models import Key


class KeyTakenError(Exception):
    """A task with this key is queued or running."""


class Once(ORM):
    """The ORM broker, for one task with a key."""

    key: str

    def enqueue(self, task: str) -> int:
        message = super().enqueue(task)
        try:
            Key.objects.using(Conf.ORM).create(key=self.key, message=message)
        except IntegrityError as error:
            raise KeyTakenError(self.key) from error
        return message


def enqueue_once(
    key: str, func: str | Callable, *args: object, **kwargs: Any
) -> str | None:
    """Do what `async_task` does, and return None where the key is taken.

    The task and its key are committed together. Call it in any transaction.
    """
    if not Conf.ORM:
        raise ImproperlyConfigured("this is for the ORM broker: use unique_redis")
    broker = Once(kwargs.get("cluster"))
    broker.key = key
    try:
        with transaction.atomic(using=Conf.ORM):
            # A write first: SQLite refuses a transaction that reads and then writes.
            Key.objects.db_manager(Conf.ORM).delete_free(key=key)
            return async_task(func, *args, broker=broker, **kwargs)
    except KeyTakenError:
        return None
