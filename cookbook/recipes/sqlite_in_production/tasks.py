"""A task that answers, and one that reads before it writes.

>>> from cookbook.recipes.sqlite_in_production.models import Member
>>> from cookbook.recipes.sqlite_in_production.tasks import admit, echo
>>> from django_q.tasks import async_task, result
>>> result(async_task(echo, "hello"), wait=10_000)
'hello'

Ten members are admitted by two workers; no number is given twice, and none fails:

>>> admitted = [async_task(admit, f"member {place}") for place in range(10)]
>>> sorted(result(task, wait=20_000) for task in admitted)
[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
>>> print(Member.objects.get(number=10))
10 member ...
"""

import logging

from django.db import transaction
from django.db.models import Max

from .models import Member

logger = logging.getLogger("django-q")


def echo(message):
    """Log a message and return it: the first task to run on a new server."""
    logger.info("heard %s", message)
    return message


def admit(name):
    """Give a new member the next number and return it."""
    with transaction.atomic():
        last = Member.objects.aggregate(last=Max("number", default=0))["last"]
        return Member.objects.create(number=last + 1, name=name).number
