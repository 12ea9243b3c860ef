"""Two workers give each new member of a club the next number.

The task reads the highest number and writes the next one, in one transaction. That is
the kind of task that fails without IMMEDIATE. No number is given twice, none fails:

>>> from cookbook.evidence.sqlite_in_production.numbering import admit_all
>>> from cookbook.harness.trial import observe
>>> observe(admit_all, 10, workers=2, timeout=60)
[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
"""

from django.contrib.auth.models import Group
from django.db import transaction
from django_q.tasks import async_task, result

from cookbook.harness.trial import stop


def admit(name):
    """Give a new member the next number and return it."""
    with transaction.atomic():
        number = Group.objects.count() + 1
        Group.objects.create(name=f"{number} {name}")
    return number


def admit_all(members):
    tasks = [async_task(admit, f"member {place}") for place in range(members)]
    numbers = sorted(result(task, wait=30_000) for task in tasks)
    stop()
    return numbers
