"""save_limit_per: what save_limit counts separately: functions, names or groups.

Five tasks succeed, and `save_limit` is 1. Each is written as its function, name and
group; the last one has no group:

>>> from cookbook.reference.q_cluster_results.save_limit_per import edges
>>> print(edges())
| Value | What stays |
| --- | --- |
| The five tasks | len first A, len second A, abs first B, abs second B, abs third |
| `None` | abs third |
| `"func"` | len second A, abs third |
| `"name"` | abs first B, abs second B, abs third |
| `"group"` | abs second B, abs third |
| `"queue"`, `0` | `AppRegistryNotReady: Apps aren't loaded yet.` |
"""

from django_q.models import Success
from django_q.tasks import async_task, result

from cookbook.harness.trial import complaint, observe, table

CALLS = [
    ("len", "first", "A", 1),
    ("len", "second", "A", 2),
    ("abs", "first", "B", 3),
    ("abs", "second", "B", 4),
    ("abs", "third", None, 5),
]


def send():
    """Send the tasks one after the other; return the results that are left."""
    for function, name, group, number in CALLS:
        argument = number if function == "abs" else "x" * number
        options = {"task_name": name} | ({"group": group} if group else {})
        task = async_task(f"builtins.{function}", argument, **options)
        result(task, wait=60_000)
    return [task.result for task in Success.objects.order_by("stopped")]


def keep(**changes):
    """Return which results stay."""
    return observe(send, save_limit=1, **changes)


def describe(tasks):
    """Return the function, the name and the group of each task."""
    return ", ".join(" ".join(filter(None, task[:3])) for task in tasks)


def stay(numbers):
    """Describe the tasks that have these results."""
    return describe(task for task in CALLS if task[-1] in numbers)


def edges():
    rows = {
        "The five tasks": describe(CALLS),
        "`None`": stay(keep(save_limit_per=None)),
        '`"func"`': stay(keep(save_limit_per="func")),
        '`"name"`': stay(keep(save_limit_per="name", on="PostgreSQL")),
        '`"group"`': stay(keep(save_limit_per="group")),
    }
    queue, zero = (complaint(save_limit_per=per) for per in ("queue", 0))
    assert queue == zero
    return table(rows | {'`"queue"`, `0`': f"`{queue}`"}, ("Value", "What stays"))
