"""A task that waits behind one that hangs, without a timeout and with one.

>>> from cookbook.harness.trial import observe
>>> from cookbook.troubleshooting.nothing_runs.hangs import behind_a_hang
>>> print(observe(behind_a_hang, 3, timeout=None, retry=600))
None
>>> observe(behind_a_hang, 60, timeout=2)
7
"""

from time import sleep

from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task, result

from cookbook.harness.trial import wait_until


def behind_a_hang(seconds):
    """Send a task that hangs and one that does not; return the second one's result."""
    async_task(sleep, 600)
    second = async_task(abs, -7)
    waiting = OrmQ.objects.filter(lock__lt=timezone.now())
    wait_until(lambda: not waiting.exists(), 60, lambda: "no task was fetched")
    return result(second, wait=seconds * 1000)
