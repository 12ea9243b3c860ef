"""What the admin shows, and what its action does.

>>> from cookbook.reference.models_and_admin.in_the_admin import list_pages
>>> print(list_pages())
| Model | Beside change and delete | Columns |
| --- | --- | --- |
| `Schedule` | add | id, name, func, schedule_type, repeats, cluster, next_run, get_last_run, get_success |
| `Success` | resubmit_task | name, group, func, cluster, started, stopped, time_taken |
| `Failure` | resubmit_task | name, group, func, cluster, started, stopped, short_result |
| `OrmQ` | - | id, key, name, group, func, lock, task_id |
"""

import importlib
from types import SimpleNamespace
from unittest.mock import patch

import django_q.admin
from django.contrib import admin
from django.contrib.auth.models import User
from django_q.models import OrmQ
from django_q.signals import pre_enqueue
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import table


def halve(number):
    return int(number) / 2


def stock_admin():
    """Return an admin site with nothing but the pages of Django-Q2."""
    with patch.object(admin, "site", admin.AdminSite()):
        importlib.reload(django_q.admin)
        return admin.site


def list_pages():
    """Return each page: its model, what it lets one do, and its columns."""
    request = SimpleNamespace(user=User(is_superuser=True))
    rows = {}
    for model, page in stock_admin()._registry.items():
        does = [action.__name__ for action in page.actions]
        does += ["add"] if page.has_add_permission(request) else []
        rows[f"`{model.__name__}` | {', '.join(does) or '-'}"] = ", ".join(
            page.list_display
        )
    heads = ("Model | Beside change and delete", "Columns")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")


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


def edges():
    """Return what the action does to a row.

    >>> from cookbook.reference.models_and_admin.in_the_admin import edges
    >>> print(edges())
    | Row | What happens |
    | --- | --- |
    | A failure | The call is queued; the row is deleted |
    | A success | The call is queued; the row stays |
    | Function, arguments, hook, group, cluster | Those of the row |
    | Name, `timeout`, `ack_failure` and other options | Lost |
    | A built-in function | Fails: `Function <built-in function abs> is not defined` |
    """
    site = stock_admin()
    options = {"group": "sums", "task_name": "mine", "ack_failure": True}
    failed = fetch(async_task(halve, "six", **options), wait=30_000)
    again = resubmit(site, failed)
    assert (again.func, again.args, again.group) == (failed.func, ("six",), "sums")
    assert again.name != "mine"
    assert again.id in [row.task_id() for row in OrmQ.objects.all()]
    gone = fetch(failed.id) is None
    passed = fetch(async_task(halve, "6"), wait=30_000)
    assert resubmit(site, passed).result == fetch(passed.id).result == 3.0
    built_in = fetch(async_task(abs, -1), wait=30_000)
    wrong = resubmit(site, built_in).result.split(" : ")[0]
    return table({
        "A failure": f"The call is queued; the row {'is deleted' if gone else 'stays'}",
        "A success": "The call is queued; the row stays",
        "Function, arguments, hook, group, cluster": "Those of the row",
        "Name, `timeout`, `ack_failure` and other options": "Lost",
        "A built-in function": f"Fails: `{wrong}`",
    }, ("Row", "What happens"))  # fmt: skip
