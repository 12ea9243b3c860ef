"""What schedule() takes, and what becomes of it.

>>> import textwrap
>>> from datetime import UTC, datetime
>>> from django.utils import timezone
>>> from django_q.models import Schedule
>>> from django_q.scheduler import scheduler
>>> from django_q.tasks import fetch, fetch_group, result, result_group, schedule
>>> from cookbook.reference.schedules.calls import keywords
>>> print(textwrap.fill(" ".join(keywords()), 72))
cluster cron hook intended_date_kwarg minutes name next_run repeats
schedule_type

Without a time it is due at once, and it runs once:

>>> job = schedule("builtins.abs", -1, name="first")
>>> job.get_schedule_type_display(), job.next_run <= timezone.now(), job.repeats
('Once', True, -1)
>>> scheduler()
>>> result_group("first", count=1, wait=30_000)[0]
1

The name is the group of its results, and only one schedule may have it:

>>> job = schedule("builtins.abs", -1, name="hourly", schedule_type=Schedule.HOURLY)
>>> schedule("builtins.abs", -2, name="hourly")
Traceback (most recent call last):
    ...
django.db.utils.IntegrityError: A schedule with the same name already exists.
>>> twin = Schedule.objects.create(func="builtins.abs", name="hourly", repeats=0)

The schedule keeps the id of its last task, and knows how that ended:

>>> scheduler()
>>> job.refresh_from_db()
>>> fetch(job.task, wait=30_000).success, job.success()
(True, True)

A hook is a path; other options of async_task stand in q_options or beside it:

>>> first = schedule("builtins.abs", -5, hook=f"{__name__}.double", task_name="five")
>>> scheduler()
>>> result("twice five", wait=30_000)
10
>>> quick = {"timeout": 1, "group": "naps", "ack_failure": True}
>>> nap = schedule("time.sleep", 20, q_options=quick)
>>> scheduler()
>>> print(fetch_group("naps", count=1, wait=30_000)[0].result)
Task exceeded maximum timeout value (1 seconds) : Traceback ...

intended_date_kwarg is the argument that gets the planned time, as text:

>>> due = datetime(2026, 1, 31, 8, tzinfo=UTC)
>>> report = schedule("builtins.dict", name="report", next_run=due,
...     intended_date_kwarg="day")
>>> scheduler()
>>> result_group("report", count=1, wait=30_000)[0]
{'day': '2026-01-31T08:00:00+00:00'}

What is no keyword goes to the function: there is no schedule_time, and no interval.

>>> job = schedule("builtins.dict", name="wrong", schedule_time=9, interval=60)
>>> scheduler()
>>> result_group("wrong", count=1, wait=30_000)[0]
{'schedule_time': 9, 'interval': 60}
>>> schedule("builtins.abs", -1, schedule_type="HOURLY")
Traceback (most recent call last):
    ...
django.core.exceptions.ValidationError: {'schedule_type': ["Value 'HOURLY' is not ...

A function in place of its path is stored as a text that leads nowhere:

>>> schedule(abs, -1, name="function", q_options={"ack_failure": True}).func
'<built-in function abs>'
>>> scheduler()
>>> print(fetch_group("function", count=1, wait=30_000)[0].result)
Function <built-in function abs> is not defined : Traceback ...
"""

import ast
import inspect

from django_q.tasks import (
    async_task,
    schedule,
)


def double(task):
    async_task(int, task.result * 2, task_name=f"twice {task.name}")


def keywords():
    """Return the keywords that schedule takes for itself, from its source."""
    return sorted(
        node.args[0].value
        for node in ast.walk(ast.parse(inspect.getsource(schedule)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "kwargs.pop"
    )
