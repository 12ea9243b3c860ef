"""save_limit_per: what save_limit counts: all results, or those of one kind.

Each row is one task: its function, name, group and result.

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_results.save_limit_per import TASKS, kept
>>> for task in TASKS:
...     print(*task)
len first letters 1
len second letters 2
abs first numbers 3
abs second numbers 4
abs third None 5

With save_limit 1 one result stays, or one of each kind:

>>> kept(save_limit_per=None), kept(save_limit_per="func")
([5], [2, 5])
>>> kept(save_limit_per="name", on="PostgreSQL")
[3, 4, 5]

A task without a group prunes the results of every group:

>>> kept(save_limit_per="group")
[4, 5]

At the edges, no other value is accepted:

>>> complaint(save_limit_per="queue")
"AppRegistryNotReady: Apps aren't loaded yet."
>>> complaint(save_limit_per=0)
"AppRegistryNotReady: Apps aren't loaded yet."

Who reads it:

>>> readers("save_limit_per")
['monitor.py']
"""

from django_q.models import Success
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe

TASKS = [
    ("len", "first", "letters", 1),
    ("len", "second", "letters", 2),
    ("abs", "first", "numbers", 3),
    ("abs", "second", "numbers", 4),
    ("abs", "third", None, 5),
]


def send():
    """Send the tasks one after the other; return the results that are left."""
    for function, name, group, number in TASKS:
        argument = number if function == "abs" else "x" * number
        options = {"task_name": name} | ({"group": group} if group else {})
        task = async_task(f"builtins.{function}", argument, **options)
        result(task, wait=60_000)
    return [task.result for task in Success.objects.order_by("stopped")]


def kept(**changes):
    return observe(send, save_limit=1, **changes)
