"""The arguments of a schedule are text, and are read again at each run.

>>> from datetime import date
>>> from django_q.models import OrmQ, Schedule
>>> from django_q.scheduler import scheduler
>>> from django_q.tasks import schedule
>>> from cookbook.reference.schedules.text import plan, run
>>> job = schedule("builtins.dict", [("a", 1)], name="text", b=2)
>>> job.refresh_from_db()
>>> job.args, job.kwargs
("([('a', 1)],)", "{'b': 2}")
>>> run("text")
{'a': 1, 'b': 2}

The admin's form takes a list of keywords as well as a dictionary:

>>> plan("words", kwargs="x=1, name='Ada'")
>>> run("words")
{'x': 1, 'name': 'Ada'}

Keywords that are no literals are dropped, all of them, without a word:

>>> job = schedule("builtins.dict", name="dropped", day=date(2026, 1, 31), shop="Ulm")
>>> run("dropped")
{}

Arguments that are no literals stop the scheduler, and every schedule that is due:

>>> plan("good", args="[('a', 1)]")
>>> plan("bad", args="[('day', datetime.date(2026, 1, 31))]")
>>> scheduler()
>>> [job.name for job in Schedule.objects.all()]
['good', 'bad']
>>> OrmQ.objects.count()
0

When it is gone, the others run:

>>> deleted = Schedule.objects.filter(name="bad").delete()
>>> run("good")
{'a': 1}

A path that leads nowhere is a failure of each task, and the schedule goes on:

>>> plan("lost", func="shop.tasks.send", schedule_type=Schedule.HOURLY)
>>> print(run("lost"))
Function shop.tasks.send is not defined : Traceback ...
>>> job = Schedule.objects.get(name="lost")
>>> job.success(), job.repeats
(False, -1)
"""

from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.tasks import fetch_group


def plan(name, func="builtins.dict", **fields):
    """Store a schedule as the admin does, with text for its arguments."""
    Schedule.objects.create(name=name, func=func, **fields)


def run(name):
    """Let the scheduler look once, and return the result of the schedule's task."""
    scheduler()
    return fetch_group(name, count=1, wait=30_000)[0].result
