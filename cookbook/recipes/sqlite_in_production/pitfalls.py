"""Three mistakes that keep a task, or the news of it, from arriving.

Django-Q2 logs to `django-q`; a handler on `django_q` hears nothing:

>>> from django_q.tasks import async_task
>>> from cookbook.recipes.sqlite_in_production.pitfalls import heard, overdue
>>> from cookbook.recipes.sqlite_in_production.tasks import echo
>>> heard("django_q")
[]
>>> heard("django-q")
['Enqueued [club] ...']

With `sync` the task runs at once in the caller, who gets its error as well; no
failed task is stored:

>>> from django_q.models import Failure
>>> async_task(echo, sync=True)
Traceback (most recent call last):
    ...
TypeError: echo() missing 1 required positional argument: 'message'
>>> Failure.objects.count()
0

Where no cluster serves a queue, its tasks stay in the table and get older:

>>> task = async_task(echo, "hello", cluster="reports")
>>> from datetime import timedelta
>>> overdue("reports") > timedelta(0), overdue("club")
(True, datetime.timedelta(0))
"""

import logging
from logging.handlers import BufferingHandler

from django.db.models import Min
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task, result

from .tasks import echo


def heard(name):
    """Return what a handler on the logger `name` gets while a task is run."""
    handler = BufferingHandler(capacity=100)
    handler.setLevel(logging.INFO)
    logging.getLogger(name).addHandler(handler)
    result(async_task(echo, "hello"), wait=10_000)
    logging.getLogger(name).removeHandler(handler)
    return [record.getMessage() for record in handler.buffer]


def overdue(queue):
    """Return for how long the oldest task of a queue has waited for a cluster."""
    now = timezone.now()
    due = OrmQ.objects.filter(key=queue, lock__lt=now)
    return now - (due.aggregate(oldest=Min("lock"))["oldest"] or now)
