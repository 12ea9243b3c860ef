"""A task that fails runs `max_attempts` times, and with `ack_failure` only once.

>>> from cookbook.recipes.sqlite_in_production.attempts import try_to_admit
>>> import time
>>> from django_q.tasks import async_task, fetch, result
>>> again = async_task(try_to_admit, "ada")
>>> once = async_task(try_to_admit, "bob", ack_failure=True)
>>> end = time.monotonic() + 60
>>> while fetch(again, wait=30_000).attempt_count < 3 and time.monotonic() < end:
...     time.sleep(0.2)
>>> from cookbook.recipes.sqlite_in_production.tasks import echo
>>> result(async_task(echo, "next"), wait=30_000)
'next'

Neither of the two is still in the queue, so this number is final:

>>> from django_q.models import OrmQ
>>> {again, once} & {queued.task_id() for queued in OrmQ.objects.all()}
set()
>>> from cookbook.recipes.sqlite_in_production.models import Member
>>> Member.objects.filter(name="ada").count()
3
>>> Member.objects.filter(name="bob").count()
1
"""

from .tasks import admit

Q_CLUSTER = {
    "name": "club",
    "orm": "default",
    "workers": 1,
    "queue_limit": 1,
    "timeout": 3,
    "retry": 4,
    "max_attempts": 3,
}


def try_to_admit(name):
    """Fail after the member has been admitted."""
    admit(name)
    raise ValueError("the card printer is out of paper")
