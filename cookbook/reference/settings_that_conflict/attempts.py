"""ack_failures and max_attempts: which of them ends a task that fails.

A task always fails, or kills its worker. The count stops at three runs:

>>> from cookbook.reference.settings_that_conflict.attempts import edges
>>> print(edges())
| Values | A task that fails |
| --- | --- |
| `ack_failures` `False`, `max_attempts` 0 (defaults) | Runs again and again |
| `ack_failures` `False`, `max_attempts` 2 | Runs twice |
| `ack_failures` `True`, `max_attempts` 2 | Runs once |
| the same, and it kills its worker | Runs again and again |
"""

import signal

from django_q.status import Stat
from django_q.tasks import async_task

from cookbook.harness.trial import observe, table, wait_until
from cookbook.reference.q_cluster_delivery import runs
from cookbook.reference.q_cluster_delivery.ack_failures import RUNS


def send():
    """Send a task that ends its worker as the kernel does when memory is short.

    Return how many workers it has killed; stop counting at three.
    """
    async_task(signal.raise_signal, signal.SIGKILL)

    def deaths():
        return sum(cluster.reincarnations for cluster in Stat.get_all())

    wait_until(lambda: deaths() == 3, 60, lambda: f"{deaths()} workers died")
    return deaths()


def edges():
    endless = RUNS[runs(ack_failures=False, max_attempts=0)]
    deadly = RUNS[observe(send, retry=1.2, ack_failures=True, max_attempts=2)]
    twice = RUNS[runs(ack_failures=False, max_attempts=2)]
    once = RUNS[runs(ack_failures=True, max_attempts=2)]
    rows = {
        "`ack_failures` `False`, `max_attempts` 0 (defaults)": endless,
        "`ack_failures` `False`, `max_attempts` 2": twice,
        "`ack_failures` `True`, `max_attempts` 2": once,
        "the same, and it kills its worker": deadly,
    }
    return table(rows, ("Values", "A task that fails"))
