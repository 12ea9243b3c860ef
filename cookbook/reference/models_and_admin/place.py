"""How many tasks are before this one in the queue of the ORM broker.

>>> from django_q.models import OrmQ
>>> from django_q.tasks import async_task
>>> ids = [async_task("math.sqrt", number, cluster="night") for number in range(3)]
>>> rows = OrmQ.objects.filter(key="night").order_by("lock")
>>> [row.task_id() for row in rows].index(ids[2])
2
"""
