"""A task runs twice although `retry` is larger than `timeout`.

Ten tasks may wait in the memory of this cluster while their `retry` runs out. Those
that have waited for four seconds are picked up again and run once more:

>>> from cookbook.recipes.sqlite_in_production.redelivery import knock
>>> from django_q.tasks import async_task, result
>>> for task in [async_task(knock, place) for place in range(12)]:
...     assert result(task, wait=30_000) == "done"
>>> from cookbook.recipes.sqlite_in_production.tasks import echo
>>> result(async_task(echo, "the queue is empty"), wait=30_000)
'the queue is empty'
>>> from cookbook.recipes.sqlite_in_production.models import Member
>>> Member.objects.count() > 12
True

In the table of results nothing shows it:

>>> from django_q.models import Success
>>> knocks = Success.objects.filter(func__endswith="knock")
>>> knocks.count(), set(knocks.values_list("attempt_count", flat=True))
(12, {1})
"""

import time

from .tasks import admit

Q_CLUSTER = {
    "name": "club",
    "orm": "default",
    "workers": 1,
    "queue_limit": 10,
    "timeout": 3,
    "retry": 4,
}


def knock(place):
    """Leave a row for each time that this runs, and take half a second."""
    admit(f"visitor {place}")
    time.sleep(0.5)
    return "done"
