"""How often a schedule runs, when it is due, and which cluster looks at it.

>>> from datetime import timedelta
>>> from django.utils import timezone
>>> from django_q.models import Schedule
>>> from django_q.tasks import schedule
>>> from functools import partial
>>> from cookbook.reference.schedules.runs import begin, looked
>>> now, hour = timezone.now(), timedelta(hours=1)
>>> kept = partial(Schedule.objects.filter(name="job").values_list, "repeats")

Once: the schedule is deleted, unless it has a number of repeats:

>>> job = schedule("builtins.abs", -1, name="job")
>>> looked(), list(kept())
(1, [])
>>> job = schedule("builtins.abs", -1, name="job", repeats=3)
>>> looked(), looked(), list(kept())
(1, 0, [(0,)])

Any other type counts down, and stays with 0; -1 is for ever:

>>> begin(repeats=2, next_run=now - 5 * hour)
>>> looked(), list(kept()), looked(), list(kept()), looked()
(1, [(1,)], 1, [(0,)], 0)
>>> begin(repeats=-1, next_run=now - hour / 2)
>>> looked(), list(kept())
(1, [(-1,)])

It is not due before next_run, and never without one:

>>> begin(next_run=now + hour)
>>> looked()
0
>>> begin(next_run=None)
>>> looked()
0

Runs that were missed are made up for, one at each look of the scheduler:

>>> begin(next_run=now - 3.5 * hour)
>>> [looked() for _ in range(6)]
[1, 1, 1, 1, 0, 0]
>>> Schedule.objects.get().next_run == now + hour / 2
True

A schedule for another cluster waits for that cluster, here for ever:

>>> begin(next_run=now - hour / 2, cluster="mail")
>>> looked()
0
>>> begin(next_run=now - hour / 2, cluster="shop")
>>> looked()
1
"""

from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.signals import pre_enqueue


def begin(**fields):
    """Store one hourly schedule in place of every other."""
    Schedule.objects.all().delete()
    Schedule.objects.create(
        name="job", func="builtins.abs", args="-1", schedule_type="H", **fields
    )


def looked():
    """Let the scheduler look once, and return how many tasks it queued."""
    queued = []

    def count(task, **_):
        queued.append(task)

    pre_enqueue.connect(count)
    scheduler()
    pre_enqueue.disconnect(count)
    return len(queued)
