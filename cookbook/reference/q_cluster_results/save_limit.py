"""save_limit: successful results that stay in the database.

Three tasks succeed with the results 1, 2 and 3, then two fail. What stays?

>>> from cookbook.reference.q_cluster_results.save_limit import edges, keep
>>> print(edges())
| Value | What stays |
| --- | --- |
| `2` | Successes: 2, 3; failures: 2 |
| `0` | Successes: 1, 2, 3; failures: 2 |
| `-1` | Successes: none; failures: 2 |
| `1.5` | Successes: 2, 3; failures: 2 |
| `1`, after three older successes | Successes: 1, 2, 3; failures: 2 |
| `None` | `TypeError: '>=' not supported between instances of 'NoneType' and 'int'` |

The same with Redis:

>>> keep(save_limit=2, orm=None, redis="redis://localhost:6379/0")
{'successes': [2, 3], 'failures': 2}
"""

from django.utils import timezone
from django_q.models import Failure, Success, Task
from django_q.tasks import async_task

from cookbook.harness.trial import complaint, observe, table, wait_until


def send(stored):
    """Send three tasks that succeed, then two that fail; return what is stored."""
    now = timezone.now()
    for n in range(stored):
        Task.objects.create(
            id=n, name=n, func="abs", started=now, stopped=now, result=-n
        )
    for number in (1, 2, 3):
        async_task(abs, number)
    for _ in range(2):
        async_task(abs, "no number")
    # One worker and one monitor keep the order, so the failures are stored last.
    failures = Failure.objects.count
    wait_until(lambda: failures() == 2, 60, lambda: f"{failures()} failures are stored")
    successes = [task.result for task in Success.objects.order_by("stopped")]
    return {"successes": successes, "failures": failures()}


def keep(stored=0, **changes):
    """Return what stays, where this number of results is stored before."""
    return observe(send, stored, **changes)


def describe(stay):
    numbers = ", ".join(map(str, stay["successes"])) or "none"
    return f"Successes: {numbers}; failures: {stay['failures']}"


def edges():
    lowered = keep(save_limit=1, stored=3)
    rows = {
        "`2`": describe(keep(save_limit=2, on="PostgreSQL")),
        "`0`": describe(keep(save_limit=0)),
        "`-1`": describe(keep(save_limit=-1)),
        "`1.5`": describe(keep(save_limit=1.5)),
        "`1`, after three older successes": describe(lowered),
        "`None`": f"`{complaint(save_limit=None)}`",
    }
    return table(rows, ("Value", "What stays"))
