"""Call the API of a partner from any number of tasks.

Queue ten tasks in the queue of the limit. A cluster that serves your usual queue runs
them:

>>> from cookbook.recipes.rate_limit.tasks import call_partner
>>> from django_q.tasks import async_task, result
>>> ids = [async_task(call_partner, n, cluster="partner") for n in range(10)]
>>> times = sorted(result(one, wait=30_000) for one in ids)

No two calls began at the same time; ten calls have nine intervals:

>>> seconds = times[-1] - times[0]
>>> 9 * 0.05 < seconds < 5
True
"""

from time import time

from .limits import wait_for_slot


def call_partner(number: int) -> float:
    """Return when the call began; put your request in its place."""
    wait_for_slot("partner")
    return time()
