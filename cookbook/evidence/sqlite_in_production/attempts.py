"""A task that writes and then fails has written once for each attempt.

`max_attempts` is 3 here, and the task fails after it has written. `ack_failure` takes
a failed task out of the queue, so `max_attempts` has nothing left to count:

>>> from cookbook.evidence.sqlite_in_production.attempts import count_rows
>>> from cookbook.harness.trial import observe
>>> observe(count_rows, retry=1.1, max_attempts=3)
{'ada': 3, 'bob, with ack_failure': 1, 'queued': 0}
"""

from django.contrib.auth.models import Group
from django_q.models import OrmQ
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import stop, wait_until


def admit_and_fail(name):
    Group.objects.create(name=f"{name} {Group.objects.count()}")
    raise ValueError("the card printer is out of paper")


def count_rows():
    """Return the rows that each of two tasks has written when both have ended."""
    ada = async_task(admit_and_fail, "ada")
    async_task(admit_and_fail, "bob", ack_failure=True)
    wait_until(lambda: getattr(fetch(ada), "attempt_count", 0) == 3, 60, lambda: "ada")
    wait_until(lambda: not OrmQ.objects.exists(), 60, lambda: "the queue is not empty")
    stop()
    names = [name.split()[0] for name in Group.objects.values_list("name", flat=True)]
    rows = {"ada": names.count("ada"), "bob, with ack_failure": names.count("bob")}
    return rows | {"queued": OrmQ.objects.count()}
