"""Every model of Django-Q2, and every field.

>>> from django.apps import apps
>>> from django_q.models import OrmQ, Schedule, Task
>>> from django_q.tasks import async_task
>>> from cookbook.reference.models_and_admin.fields import fields, methods
>>> for model in apps.get_app_config("django_q").get_models(include_auto_created=True):
...     print(model.__name__, "is Task" if model._meta.proxy else model._meta.db_table)
Task django_q_task
Success is Task
Failure is Task
Schedule django_q_schedule
OrmQ django_q_ormq
>>> fields(Task)
id                   CharField(32)
name                 CharField(100)
func                 CharField(256)
hook                 CharField(256)             null
args                 PickledObjectField         null
kwargs               PickledObjectField         null
result               PickledObjectField         null
group                CharField(100)             null
cluster              CharField(100)             null
started              DateTimeField
stopped              DateTimeField
success              BooleanField               default=True
attempt_count        IntegerField               default=0

>>> fields(Schedule)
id                   AutoField
name                 CharField(100)             null
func                 CharField(256)
hook                 CharField(256)             null
args                 TextField                  null
kwargs               TextField                  null
schedule_type        CharField(2)               default='O'
minutes              PositiveSmallIntegerField  null
repeats              IntegerField               default=-1
next_run             DateTimeField              null default=now
cron                 CharField(100)             null
task                 CharField(100)             null
cluster              CharField(100)             null
intended_date_kwarg  CharField(100)             null

>>> fields(OrmQ)
id                   AutoField
key                  CharField(100)
payload              TextField
lock                 DateTimeField              null

Their own methods:

>>> for name in methods(Task):
...     print(name)
delete_group
get_group_count
get_result
get_result_group
get_task
get_task_group
group_count
group_delete
group_result
time_taken
>>> print(*methods(Schedule))
calculate_next_run last_run success
>>> print(*methods(OrmQ))
args func group kwargs name q_options task_id

A row of OrmQ reads the task from its payload; one that it cannot read has a star:

>>> tag = async_task(abs, -1, cluster="nobody", timeout=5, task_name="sum")
>>> row = OrmQ.objects.get(key="nobody")
>>> row.task_id() == tag, row.name(), row.args(), sorted(row.q_options())
(True, 'sum', (-1,), ['cluster', 'started', 'timeout'])
>>> OrmQ(payload="edited").task_id()
'*BadSignature'
"""

from django.db import models


def fields(model):
    """Print the fields of a model: type, largest length, and what may be left out."""
    for field in model._meta.fields:
        left_out = "null" if field.null else ""
        if field.has_default() and field.default is not None:
            default = getattr(field.default, "__name__", repr(field.default))
            left_out = f"{left_out} default={default}".strip()
        length = f"({field.max_length})" if field.max_length else ""
        kind = f"{type(field).__name__}{length}"
        print(f"{field.name:21}{kind:27}{left_out}".rstrip())


def methods(model):
    """Return what the class itself offers beside Django's methods."""
    return sorted(
        name
        for name, value in vars(model).items()
        if not name.startswith("_")
        and name not in vars(models.Model)
        and (callable(value) or isinstance(value, staticmethod))
        and not isinstance(value, type)
        and getattr(value, "__module__", "") == model.__module__
    )
