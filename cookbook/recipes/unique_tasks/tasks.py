"""What a task does when another one has the lock: skip, or come again.

The second import cannot run yet, so it schedules itself:

>>> from django_q.models import Schedule
>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.unique_tasks.locks import only_one
>>> from cookbook.recipes.unique_tasks.tasks import import_file
>>> with only_one("import"):
...     result(async_task(import_file, "orders.csv"), wait=60_000)
'again in a minute'
>>> Schedule.objects.order_by("pk").last().args
"('orders.csv',)"
"""

from datetime import timedelta

from django.utils import timezone
from django_q.tasks import schedule

from .locks import LockHeldError, only_one


def rebuild_index() -> str:
    """Skip: the run that has the lock does the same work."""
    try:
        with only_one("search-index"):
            return "rebuilt"  # Your work.
    except LockHeldError:
        return "skipped"


def import_file(file: str) -> str:
    """Come again in a minute: each file must be imported."""
    try:
        with only_one("import") as confirm:
            for _ in range(3):  # Your work, in steps.
                confirm()
            return "imported"
    except LockHeldError:
        minute = timezone.now() + timedelta(minutes=1)
        schedule(f"{__name__}.import_file", file, next_run=minute)
        return "again in a minute"
