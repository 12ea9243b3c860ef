"""Every model of Django-Q2, with its fields and methods.

>>> from cookbook.reference.models_and_admin.tables import list_models
>>> print(list_models())
| Model | Table | A row |
| --- | --- | --- |
| `Task` | `django_q_task` | A task that has ended |
| `Success` | `django_q_task` | The rows of `Task` with `success` true |
| `Failure` | `django_q_task` | The rows of `Task` with `success` false |
| `Schedule` | `django_q_schedule` | A schedule |
| `OrmQ` | `django_q_ormq` | A task in the queue of the ORM broker |
"""

from django.apps import apps
from django.db import models
from django_q.models import OrmQ, Schedule, Task
from django_q.tasks import async_task

from cookbook.harness.trial import table

MODELS = {
    "Task": "A task that has ended",
    "Success": "The rows of `Task` with `success` true",
    "Failure": "The rows of `Task` with `success` false",
    "Schedule": "A schedule",
    "OrmQ": "A task in the queue of the ORM broker",
}
FIELDS = {
    "Task": {
        "id": "What `async_task` returned",
        "name": "`task_name`, or four words",
        "func": "The path of the function, or its text",
        "hook": "The path of the hook, or its text",
        "args": "The arguments",
        "kwargs": "The keywords",
        "result": "The value returned, or the error",
        "group": "The label of a group",
        "cluster": "The cluster whose queue had it",
        "started": "When `async_task` was called",
        "stopped": "When the function ended",
        "success": "Whether the function returned",
        "attempt_count": "The number of runs that ended",
    },
    "Schedule": {
        "id": "The number of the row",
        "name": "The group of the results",
        "func": "The path of the function",
        "hook": "The path of the hook",
        "args": "The arguments as text",
        "kwargs": "The keywords as text",
        "schedule_type": "One of `Schedule.TYPE`",
        "minutes": "For the type Minutes",
        "repeats": "The number of runs to come",
        "next_run": "When it is due",
        "cron": "For the type Cron",
        "task": "The id of its last task",
        "cluster": "The cluster that looks at it",
        "intended_date_kwarg": "The keyword for its time",
    },
    "OrmQ": {
        "id": "What a worker acknowledges",
        "key": "The name of the queue",
        "payload": "The task, signed with `SECRET_KEY`",
        "lock": "Until when no cluster fetches it",
    },
}
METHODS = {
    "Task": {
        "delete_group": "The functions of the same name",
        "get_group_count": "`count_group`",
        "get_result": "`result`, asking once",
        "get_result_group": "`result_group`, asking once",
        "get_task": "`fetch`, asking once",
        "get_task_group": "`fetch_group`, asking once",
        "group_count": "The number of results in its group",
        "group_delete": "Takes the label away, or deletes the rows",
        "group_result": "The results of its group",
        "time_taken": "Seconds from `started` to `stopped`",
    },
    "Schedule": {
        "calculate_next_run": "The run after `next_run`, or after its argument",
        "last_run": "A link to the last task, for the admin",
        "success": "Whether the last task succeeded; `None` if unknown",
    },
    "OrmQ": {
        "args": "The arguments",
        "func": "The function as text",
        "group": "The group",
        "kwargs": "The keywords",
        "name": "The name",
        "q_options": "Everything else in the task",
        "task_id": "The id; a star and the error if it cannot be read",
    },
}


def list_models():
    """Return the models as a table; one that nobody has described is an error."""
    classes = apps.get_app_config("django_q").get_models(include_auto_created=True)
    rows = {
        f"`{model.__name__}` | `{model._meta.db_table}`": MODELS[model.__name__]
        for model in classes
    }
    return three(table(rows, ("Model | Table", "A row")))


def three(text):
    """Return a table whose first column is two."""
    return text.replace("| --- | --- |", "| --- | --- | --- |")


def list_fields(model):
    """Return the fields of a model: name, type and what may be left out.

    >>> from django_q.models import Task
    >>> from cookbook.reference.models_and_admin.tables import list_fields
    >>> print(list_fields(Task))
    | Field | Type | What it holds |
    | --- | --- | --- |
    | `id` | `CharField(32)` | What `async_task` returned |
    | `name` | `CharField(100)` | `task_name`, or four words |
    | `func` | `CharField(256)` | The path of the function, or its text |
    | `hook` | `CharField(256)`, null | The path of the hook, or its text |
    | `args` | `PickledObjectField`, null | The arguments |
    | `kwargs` | `PickledObjectField`, null | The keywords |
    | `result` | `PickledObjectField`, null | The value returned, or the error |
    | `group` | `CharField(100)`, null | The label of a group |
    | `cluster` | `CharField(100)`, null | The cluster whose queue had it |
    | `started` | `DateTimeField` | When `async_task` was called |
    | `stopped` | `DateTimeField` | When the function ended |
    | `success` | `BooleanField`, default `True` | Whether the function returned |
    | `attempt_count` | `IntegerField`, default `0` | The number of runs that ended |
    """
    rows = {}
    for field in model._meta.fields:
        length = f"({field.max_length})" if field.max_length else ""
        kind = f"`{type(field).__name__}{length}`"
        if field.null:
            kind += ", null"
        if field.has_default() and field.default is not None:
            default = getattr(field.default, "__name__", repr(field.default))
            kind += f", default `{default}`"
        rows[f"`{field.name}` | {kind}"] = FIELDS[model.__name__][field.name]
    return three(table(rows, ("Field | Type", "What it holds")))


def schedule_fields():
    """Return the fields of Schedule.

    >>> from cookbook.reference.models_and_admin.tables import schedule_fields
    >>> print(schedule_fields())
    | Field | Type | What it holds |
    | --- | --- | --- |
    | `id` | `AutoField` | The number of the row |
    | `name` | `CharField(100)`, null | The group of the results |
    | `func` | `CharField(256)` | The path of the function |
    | `hook` | `CharField(256)`, null | The path of the hook |
    | `args` | `TextField`, null | The arguments as text |
    | `kwargs` | `TextField`, null | The keywords as text |
    | `schedule_type` | `CharField(2)`, default `'O'` | One of `Schedule.TYPE` |
    | `minutes` | `PositiveSmallIntegerField`, null | For the type Minutes |
    | `repeats` | `IntegerField`, default `-1` | The number of runs to come |
    | `next_run` | `DateTimeField`, null, default `now` | When it is due |
    | `cron` | `CharField(100)`, null | For the type Cron |
    | `task` | `CharField(100)`, null | The id of its last task |
    | `cluster` | `CharField(100)`, null | The cluster that looks at it |
    | `intended_date_kwarg` | `CharField(100)`, null | The keyword for its time |
    """
    return list_fields(Schedule)


def queue_fields():
    """Return the fields of OrmQ.

    >>> from cookbook.reference.models_and_admin.tables import queue_fields
    >>> print(queue_fields())
    | Field | Type | What it holds |
    | --- | --- | --- |
    | `id` | `AutoField` | What a worker acknowledges |
    | `key` | `CharField(100)` | The name of the queue |
    | `payload` | `TextField` | The task, signed with `SECRET_KEY` |
    | `lock` | `DateTimeField`, null | Until when no cluster fetches it |
    """
    return list_fields(OrmQ)


def list_methods(model):
    """Return what a model offers beside Django's methods."""
    names = sorted(
        name
        for name, value in vars(model).items()
        if not name.startswith("_")
        and name not in vars(models.Model)
        and (callable(value) or isinstance(value, staticmethod))
        and not isinstance(value, type)
        and getattr(value, "__module__", "") == model.__module__
    )
    rows = {f"`{name}`": METHODS[model.__name__][name] for name in names}
    return table(rows, ("Method", "What it returns or does"))


def task_methods():
    """Return the methods of Task.

    >>> from cookbook.reference.models_and_admin.tables import task_methods
    >>> print(task_methods())
    | Method | What it returns or does |
    | --- | --- |
    | `delete_group` | The functions of the same name |
    | `get_group_count` | `count_group` |
    | `get_result` | `result`, asking once |
    | `get_result_group` | `result_group`, asking once |
    | `get_task` | `fetch`, asking once |
    | `get_task_group` | `fetch_group`, asking once |
    | `group_count` | The number of results in its group |
    | `group_delete` | Takes the label away, or deletes the rows |
    | `group_result` | The results of its group |
    | `time_taken` | Seconds from `started` to `stopped` |
    """
    return list_methods(Task)


def schedule_methods():
    """Return the methods of Schedule.

    >>> from cookbook.reference.models_and_admin.tables import schedule_methods
    >>> print(schedule_methods())
    | Method | What it returns or does |
    | --- | --- |
    | `calculate_next_run` | The run after `next_run`, or after its argument |
    | `last_run` | A link to the last task, for the admin |
    | `success` | Whether the last task succeeded; `None` if unknown |
    """
    return list_methods(Schedule)


def queue_methods():
    """Return the methods of OrmQ. They read a task that waits:

    >>> from cookbook.reference.models_and_admin.tables import queue_methods
    >>> print(queue_methods())
    | Method | What it returns or does |
    | --- | --- |
    | `args` | The arguments |
    | `func` | The function as text |
    | `group` | The group |
    | `kwargs` | The keywords |
    | `name` | The name |
    | `q_options` | Everything else in the task |
    | `task_id` | The id; a star and the error if it cannot be read |
    """
    tag = async_task(abs, -1, cluster="nobody", timeout=5, task_name="sum")
    row = OrmQ.objects.get(key="nobody")
    assert (row.task_id(), row.name(), row.args()) == (tag, "sum", (-1,))
    assert sorted(row.q_options()) == ["cluster", "started", "timeout"]
    assert OrmQ(payload="edited").task_id() == "*BadSignature"
    return list_methods(OrmQ)
