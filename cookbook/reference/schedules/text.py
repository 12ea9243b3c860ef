"""The arguments of a schedule are text, and are read again at each run.

>>> from cookbook.reference.schedules.text import edges
>>> print(edges())
| Arguments | What the function gets |
| --- | --- |
| `schedule(f, 1, [("a", None)], b=2)` | `(1, [('a', None)])`, `{'b': 2}` |
| In the admin, arguments `1, 'x'` | `(1, 'x')`, `{}` |
| In the admin, keywords `x=1, y='z'` | `()`, `{'x': 1, 'y': 'z'}` |
| In the admin, keywords `{'x': 1, 'y': 'z'}` | `()`, `{'x': 1, 'y': 'z'}` |
| `schedule(f, day=date(2026, 1, 31), b=2)` | `()`, `{}` |
| `schedule(f, date(2026, 1, 31))` | Nothing: no schedule that is due runs |
"""

from datetime import date

from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.tasks import fetch_group, schedule

from cookbook.harness.trial import table


def receive(*args, **kwargs):
    return f"`{args}`, `{kwargs}`"


def store(name="job", **fields):
    """Store a schedule as the admin does, with text for its arguments."""
    Schedule.objects.create(name=name, func=f"{__name__}.receive", **fields)


def run(name="job"):
    """Let the scheduler look once, and return the result of the schedule's task."""
    scheduler()
    (task,) = fetch_group(name, count=1, wait=30_000)
    task.delete()
    return task.result


def call(*args, **kwargs):
    """Return what a function gets from a schedule with these arguments."""
    schedule(f"{__name__}.receive", *args, name="job", **kwargs)
    return run()


def from_admin(**fields):
    """Return what a function gets from a schedule with this text in its fields."""
    store(**fields)
    return run()


def stop_all():
    """Return which schedules are still due when one of them cannot be read."""
    store("good", args="1")
    store("bad", args="datetime.date(2026, 1, 31)")
    scheduler()
    due = [job.name for job in Schedule.objects.all()]
    assert due == ["good", "bad"]
    assert "good" not in [row.group() for row in OrmQ.objects.all()]
    Schedule.objects.filter(name="bad").delete()
    assert run("good") == "`(1,)`, `{}`"  # When it is gone, the other runs.
    return "Nothing: no schedule that is due runs"


def edges():
    day = date(2026, 1, 31)
    return table({
        '`schedule(f, 1, [("a", None)], b=2)`': call(1, [("a", None)], b=2),
        "In the admin, arguments `1, 'x'`": from_admin(args="1, 'x'"),
        "In the admin, keywords `x=1, y='z'`": from_admin(kwargs="x=1, y='z'"),
        "In the admin, keywords `{'x': 1, 'y': 'z'}`":
            from_admin(kwargs="{'x': 1, 'y': 'z'}"),
        '`schedule(f, day=date(2026, 1, 31), b=2)`': call(day=day, b=2),
        "`schedule(f, date(2026, 1, 31))`": stop_all(),
    }, ("Arguments", "What the function gets"))  # fmt: skip
