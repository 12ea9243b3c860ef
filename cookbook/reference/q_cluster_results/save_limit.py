"""save_limit: how many successful results stay in the database.

Three tasks succeed with the results 1, 2 and 3, then two fail:

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_results.save_limit import kept
>>> kept(save_limit=0)
{'successes': [1, 2, 3], 'failures': 2}
>>> kept(save_limit=2, on="PostgreSQL")
{'successes': [2, 3], 'failures': 2}
>>> kept(save_limit=-1)
{'successes': [], 'failures': 2}

Three results are stored already when the limit is lowered to 1:

>>> kept(save_limit=1, stored=3)
{'successes': [1, 2, 3], 'failures': 2}

At the edges:

>>> kept(save_limit=1.5)
{'successes': [2, 3], 'failures': 2}
>>> complaint(save_limit=None)
"TypeError: '>=' not supported between instances of 'NoneType' and 'int'"

Who reads it, and another broker:

>>> readers("save_limit")
['monitor.py']
>>> kept(save_limit=2, orm=None, redis="redis://localhost:6379/0")
{'successes': [2, 3], 'failures': 2}
"""

from django.utils import timezone
from django_q.models import Failure, Success, Task
from django_q.tasks import async_task

from cookbook.harness.trial import observe, wait_until


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


def kept(stored=0, **changes):
    """Return the results that a cluster leaves where so many are `stored` before."""
    return observe(send, stored, **changes)
