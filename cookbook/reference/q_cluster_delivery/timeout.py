"""timeout: after how many seconds a worker gives a task up.

A task sleeps for 1.5 seconds:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_delivery.timeout import end, killed, warned
>>> end(timeout=1)
['Task exceeded maximum timeout value (1 seconds)']
>>> end(timeout=10), end(timeout=None)
(['rested'], ['rested'])

A task may bring a limit of its own, whatever the key says:

>>> end([1, 10], timeout=10)
['Task exceeded maximum timeout value (1 seconds)', 'rested']

At the edges:

>>> end([1.5, 10**12, -1])  # doctest: +NORMALIZE_WHITESPACE
["'float' object cannot be interpreted as an integer",
 'Python int too large to convert to C int',
 'rested']
>>> killed([0, -3])
{'workers replaced': 2, 'results': 0}

Django-Q2 warns when it reads the two keys, if there is no timeout or a longer one:

>>> warned(retry=60), warned(timeout=None, retry=60), warned(timeout=0, retry=60)
(True, True, True)
>>> warned(timeout=61, retry=60), warned(timeout=60, retry=60)
(True, False)
>>> warned(timeout=30, retry=31, queue_limit=100)
False

Who reads it:

>>> readers("timeout")
['cluster.py', 'worker.py']
"""

import runpy
import warnings
from time import sleep

from django.test import override_settings
from django_q.models import Task
from django_q.status import Stat
from django_q.tasks import async_task, fetch

from cookbook.harness import upstream
from cookbook.harness.trial import observe, stop, wait_until


def nap():
    sleep(1.5)
    return "rested"


def send(own):
    """Send a nap with each of these limits, or one without; return how they ended."""
    options = [{"timeout": seconds} for seconds in own] or [{}]
    tasks = [async_task(nap, **option) for option in options]
    ends = [fetch(task, wait=60_000).result.split(" : ")[0] for task in tasks]
    stop()
    return ends


def end(own=(), on="SQLite", **changes):
    return observe(send, own, on=on, **changes)


def send_long(own):
    """Send a long sleep with each limit; return what is left when workers died."""
    for seconds in own:
        async_task(sleep, 600, timeout=seconds)

    def replaced():
        return sum(cluster.reincarnations for cluster in Stat.get_all())

    wait_until(lambda: replaced() == len(own), 60, lambda: f"{replaced()} were killed")
    return {"workers replaced": replaced(), "results": Task.objects.count()}


def killed(own):
    return observe(send_long, own, workers=2)


def warned(**keys):
    """Read these keys anew as Django-Q2 does; return whether it warns of the two."""
    changed = override_settings(Q_CLUSTER=keys)
    with changed, warnings.catch_warnings(record=True, action="always") as seen:
        runpy.run_path(str(upstream.SOURCE))
    said = [str(warning.message) for warning in seen]
    return any(text.startswith("Retry and timeout are misconfigured.") for text in said)
