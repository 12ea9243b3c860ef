"""ack_failures and max_attempts: which of them ends a task that fails.

A task always fails. The session stops counting when it has run three times:

>>> from cookbook.reference.q_cluster_delivery import runs
>>> from cookbook.reference.settings_that_conflict.attempts import deaths
>>> runs(ack_failures=False, max_attempts=0)
3
>>> runs(ack_failures=False, max_attempts=2)
2
>>> runs(ack_failures=True, max_attempts=2)
1

Neither of them ends a task that kills its worker:

>>> deaths(ack_failures=True, max_attempts=1)
3
"""

import signal

from django_q.status import Stat
from django_q.tasks import async_task

from cookbook.harness.trial import observe, wait_until


def send():
    """Send a task that ends its worker as the kernel does when memory is short."""
    async_task(signal.raise_signal, signal.SIGKILL)

    def replaced():
        return sum(cluster.reincarnations for cluster in Stat.get_all())

    wait_until(lambda: replaced() == 3, 60, lambda: f"{replaced()} workers died")
    return replaced()


def deaths(**changes):
    """Return how many workers a task has killed; stop counting at three."""
    return observe(send, retry=1.2, **changes)
