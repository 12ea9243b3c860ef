"""The same tasks run once each, because only one at a time waits in memory.

>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.sqlite_in_production.models import Member
>>> from cookbook.recipes.sqlite_in_production.redelivery import knock
>>> from cookbook.recipes.sqlite_in_production.tasks import echo
>>> for task in [async_task(knock, place) for place in range(12)]:
...     assert result(task, wait=30_000) == "done"
>>> result(async_task(echo, "the queue is empty"), wait=30_000)
'the queue is empty'
>>> Member.objects.count()
12
"""

Q_CLUSTER = {
    "name": "club",
    "orm": "default",
    "workers": 1,
    "queue_limit": 1,
    "timeout": 3,
    "retry": 4,
}
