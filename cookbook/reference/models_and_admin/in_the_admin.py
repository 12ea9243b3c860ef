"""What the admin shows, and what its action does.

>>> import textwrap
>>> from django.contrib.auth.models import User
>>> from django_q.models import OrmQ
>>> from django_q.tasks import async_task, fetch
>>> from types import SimpleNamespace
>>> from cookbook.reference.models_and_admin.in_the_admin import halve, resubmit, shown
>>> site, request = shown(), SimpleNamespace(user=User(is_superuser=True))
>>> for model, page in site._registry.items():
...     can_add = page.has_add_permission(request)
...     names = " ".join(action.__name__ for action in page.actions)
...     print(f"{model.__name__:9}{type(page).__name__:14}{can_add!s:6}{names}".strip())
Schedule ScheduleAdmin True
Success  TaskAdmin     False resubmit_task
Failure  FailAdmin     False resubmit_task
OrmQ     QueueAdmin    False
>>> for model, page in site._registry.items():
...     columns = " ".join(page.list_display)
...     print(model.__name__, textwrap.fill(columns, 60), sep="\\n")
Schedule
id name func schedule_type repeats cluster next_run
get_last_run get_success
Success
name group func cluster started stopped time_taken
Failure
name group func cluster started stopped short_result
OrmQ
id key name group func lock task_id

The action queues the stored call again, without its other options, and deletes a
failure, but not a success:

>>> failed = fetch(async_task(halve, "six", group="sums", ack_failure=True),
...     wait=30_000)
>>> again = resubmit(site, failed)
>>> again.func == failed.func, again.args, again.group, again.id == failed.id
(True, ('six',), 'sums', False)
>>> fetch(failed.id)
>>> again.id in [row.task_id() for row in OrmQ.objects.all()]
True
>>> passed = fetch(async_task(halve, "6"), wait=30_000)
>>> resubmit(site, passed).result, fetch(passed.id).result
(3.0, 3.0)

A built-in function is stored as a text that leads nowhere, so its repetition fails:

>>> built_in = fetch(async_task(abs, -1), wait=30_000)
>>> print(resubmit(site, built_in).result)
Function <built-in function abs> is not defined : Traceback ...
"""

import importlib
from unittest.mock import patch

import django_q.admin
from django.contrib import admin
from django_q.signals import pre_enqueue
from django_q.tasks import fetch


def halve(number):
    return int(number) / 2


def shown():
    """Return an admin site with nothing but the pages of Django-Q2."""
    with patch.object(admin, "site", admin.AdminSite()):
        importlib.reload(django_q.admin)
        return admin.site


def resubmit(site, task):
    """Run the action on the row of a task, and return the task that it queued."""
    queued = []

    def keep(task, **_):
        queued.append(task["id"])

    page = next(p for p in site._registry.values() if task in p.model.objects.all())
    pre_enqueue.connect(keep)
    page.actions[0](page, None, page.model.objects.filter(id=task.id))
    pre_enqueue.disconnect(keep)
    return fetch(queued[0], wait=30_000)
