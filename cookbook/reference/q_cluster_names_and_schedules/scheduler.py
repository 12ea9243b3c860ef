"""scheduler: whether a cluster runs the schedules that are due.

A schedule is due when the cluster starts. With a `guard_cycle` of 30 the sentinel looks
in its first round; with a shorter one it waits until its rounds make 30 seconds:

>>> from cookbook.reference.q_cluster_names_and_schedules.scheduler import (
...     edges, schedules,
... )
>>> schedules(guard_cycle=0.5)
[]

All values:

>>> print(edges())
| Value | What happens |
| --- | --- |
| `True` | The schedule runs |
| `False` | It does not run, and no log says so |
| `0` | It does not run, and no log says so |
| `None` | It does not run, and no log says so |
| `"False"` | The schedule runs |
"""

import re

from django_q.tasks import schedule

from cookbook.harness.trial import first_look, table


def prepare():
    schedule("builtins.abs", -3, name="due")


def schedules(**changes):
    log = first_look(prepare, **changes)
    return re.findall(r"from schedule \[(.+)\]", log)


def edges():
    runs = {True: "The schedule runs", False: "It does not run, and no log says so"}
    rows = {}
    for value in (True, False, 0, None, "False"):
        text = "`" + repr(value).replace("'", '"') + "`"
        rows[text] = runs[schedules(scheduler=value) == ["due"]]
    return table(rows)
