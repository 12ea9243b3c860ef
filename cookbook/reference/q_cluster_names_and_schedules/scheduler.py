"""scheduler: whether a cluster runs the schedules that are due.

Which schedules become tasks when a cluster starts and one is due:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_names_and_schedules.scheduler import schedules
>>> schedules(scheduler=True)
['due']
>>> schedules(scheduler=False)
[]

With a shorter guard_cycle the first round does not look:

>>> schedules(scheduler=True, guard_cycle=0.5)
[]

At the edges, a value is true or false as Python sees it:

>>> [schedules(scheduler=key) for key in (0, None, "False")]
[[], [], ['due']]

Who reads it:

>>> readers("scheduler")
['cluster.py']
"""

import re

from django_q.tasks import schedule

from cookbook.harness.trial import first_look


def prepare():
    schedule("builtins.abs", -3, name="due")


def schedules(**changes):
    log = first_look(prepare, **changes)
    return re.findall(r"from schedule \[(.+)\]", log)
