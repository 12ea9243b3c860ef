"""What `schedule` takes, and what becomes of it.

A schedule of every hour, and the task of its first run:

>>> from django_q.models import Schedule
>>> from django_q.tasks import fetch, schedule
>>> job = schedule("builtins.abs", -1, name="hourly", schedule_type=Schedule.HOURLY)
>>> from django_q.scheduler import scheduler
>>> scheduler()  # A cluster calls it about every 30 seconds.
>>> job.refresh_from_db()
>>> row = fetch(job.task, wait=30_000)
>>> row.result, row.group, job.success()
(1, 'hourly', True)
"""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.tasks import async_task, fetch, result, schedule

from cookbook.harness.trial import table


def run(*arguments, **keywords):
    """Store a schedule, let the scheduler look once, and return its task."""
    job = schedule(*arguments, schedule_type=Schedule.HOURLY, **keywords)
    scheduler()
    job.refresh_from_db()
    task = fetch(job.task, wait=30_000)
    job.delete()
    return task


def refuse(error, *arguments, **keywords):
    """Return the message with which `schedule` refuses its arguments."""
    try:
        schedule(*arguments, **keywords)
    except error as raised:
        return f"Refused: {getattr(raised, 'messages', [raised])[0]}"


def double(task):
    """Queue a task with the result of another one."""
    async_task(int, task.result * 2, task_name=f"twice {task.name}")


def func():
    """Return what a schedule can call.

    >>> from cookbook.reference.schedules.calls import func
    >>> print(func())
    | Value | What happens |
    | --- | --- |
    | `"builtins.abs"` | Runs: `1` |
    | A wrong path | Fails: `Function shop.tasks.send is not defined` |
    | A function | Fails: `Function <built-in function abs> is not defined` |
    """
    options = {"q_options": {"ack_failure": True}}
    rows = {'`"builtins.abs"`': f"Runs: `{run('builtins.abs', -1).result}`"}
    for value, name in (
        ("A wrong path", "shop.tasks.send"),
        ("A function", abs),
    ):
        task = run(name, -1, **options)
        rows[value] = f"Fails: `{task.result.split(' : ')[0]}`"
    return table(rows)


def name():
    """Return what a name does.

    >>> from cookbook.reference.schedules.calls import name
    >>> print(name())
    | Value | What happens |
    | --- | --- |
    | Not given | The group of its results is the id of the schedule |
    | `"nightly"` | The group of its results is `nightly` |
    | That of another one | Refused: A schedule with the same name already exists. |
    | The same, stored in the admin | Accepted |
    """
    unnamed = run("builtins.abs", -1)
    named = run("builtins.abs", -1, name="nightly")
    first = schedule("builtins.abs", -1, name="twin")
    twin = Schedule.objects.create(func="builtins.abs", args="-1", name="twin")
    refusal = refuse(IntegrityError, "builtins.abs", -1, name="twin")
    first.delete(), twin.delete()
    assert unnamed.group.isdigit()
    return table({
        "Not given": "The group of its results is the id of the schedule",
        '`"nightly"`': f"The group of its results is `{named.group}`",
        "That of another one": refusal,
        "The same, stored in the admin":
            "Accepted",
    })  # fmt: skip


def options():
    """Return how a schedule gives options to its tasks.

    >>> from cookbook.reference.schedules.calls import options
    >>> print(options())
    | Keyword | What happens |
    | --- | --- |
    | `hook`, a dotted path | Called with each stored result |
    | `q_options={"timeout": 1, "group": "naps"}` | Options of the task: group `naps` |
    | `task_name="five"`, without `q_options` | An option of the task all the same |
    | `schedule_time=9`, `interval=60` | Due at once; the function gets both |
    | `schedule_type="HOURLY"` | Refused: Value 'HOURLY' is not a valid choice. |
    """
    path = f"{double.__module__}.double"
    run("builtins.abs", -5, hook=path, task_name="five")
    assert result("twice five", wait=30_000) == 10
    quick = {"timeout": 1, "group": "naps", "ack_failure": True}
    nap = run("time.sleep", 20, q_options=quick)
    assert nap.result.startswith("Task exceeded maximum timeout value (1 seconds)")
    wrong = run("builtins.dict", schedule_time=9, interval=60)
    assert wrong.result == {"schedule_time": 9, "interval": 60}
    return table({
        "`hook`, a dotted path": "Called with each stored result",
        '`q_options={"timeout": 1, "group": "naps"}`':
            f"Options of the task: group `{nap.group}`",
        '`task_name="five"`, without `q_options`': "An option of the task all the same",
        "`schedule_time=9`, `interval=60`":
            "Due at once; the function gets both",
        '`schedule_type="HOURLY"`':
            refuse(ValidationError, "builtins.abs", -1, schedule_type="HOURLY"),
    }, ("Keyword", "What happens"))  # fmt: skip


def intended_date_kwarg():
    """Return what the function gets from a schedule that is late.

    >>> from cookbook.reference.schedules.calls import intended_date_kwarg
    >>> intended_date_kwarg()
    {'day': '2026-01-31T08:00:00+00:00'}
    """
    due = datetime(2026, 1, 31, 8, tzinfo=UTC)
    return run("builtins.dict", next_run=due, intended_date_kwarg="day").result
