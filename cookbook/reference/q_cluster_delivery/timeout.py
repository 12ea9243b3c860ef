"""timeout: seconds a task may run.

A task sleeps for 1.5 seconds. What happens to it? From `-1` on, the rows set the
task's own `timeout`; the worker treats both alike:

>>> from cookbook.reference.q_cluster_delivery.timeout import edges, outcomes
>>> print(edges())
| Value | What happens |
| --- | --- |
| `1` | `TimeoutException: Task exceeded maximum timeout value (1 seconds)` |
| `10` | Runs to its end |
| `None` | Runs to its end |
| `-1` | Runs to its end |
| `1.5` | `TypeError: 'float' object cannot be interpreted as an integer` |
| `10**12` | `OverflowError: Python int too large to convert to C int` |
| `0`, `-3` | The sentinel kills the worker. No result; the task comes back |

A task's own `timeout` overrides the key:

>>> outcomes([1, 10], timeout=10)
['TimeoutException: Task exceeded maximum timeout value (1 seconds)', 'rested']
"""

import re
import runpy
import warnings
from time import sleep

from django.test import override_settings
from django_q.models import OrmQ, Task
from django_q.status import Stat
from django_q.tasks import async_task, fetch

from cookbook import upstream
from cookbook.harness.trial import observe, stop, table, wait_until, write, written

KILLED = {(2, 0, 2): "The sentinel kills the worker. No result; the task comes back"}


def nap():
    sleep(1.5)
    return "rested"


def send(limits):
    """Send a nap with each of these limits, or one without; return how they ended."""
    options = [{"timeout": seconds} for seconds in limits] or [{}]
    tasks = [async_task(nap, **option) for option in options]
    ends = [fetch(task, wait=60_000).result.splitlines()[-1] for task in tasks]
    stop()
    return [re.sub(r"^(\w+\.)+(?=\w+: )", "", end) for end in ends]


def outcomes(limits=(), on="SQLite", **changes):
    return observe(send, limits, on=on, **changes)


def send_long(limits):
    """Send a long sleep with each limit; count when as many workers were replaced.

    Returns the replaced workers, the results, and the tasks that are still queued.
    """
    for seconds in limits:
        async_task(sleep, 600, timeout=seconds)

    def replaced():
        return sum(cluster.reincarnations for cluster in Stat.get_all())

    wait_until(
        lambda: replaced() == len(limits), 60, lambda: f"{replaced()} were replaced"
    )
    return replaced(), Task.objects.count(), OrmQ.objects.count()


def edges():
    [short], [long], [none] = (outcomes(timeout=limit) for limit in (1, 10, None))
    fraction, large, negative = outcomes([1.5, 10**12, -1])
    ends = {
        "`1`": short, "`10`": long, "`None`": none,
        "`-1`": negative, "`1.5`": fraction, "`10**12`": large,
    }  # fmt: skip
    rows = {
        text: "Runs to its end" if end == "rested" else f"`{end}`"
        for text, end in ends.items()
    }
    return table(rows | {"`0`, `-3`": KILLED[observe(send_long, [0, -3], workers=2)]})


def wait_for_another():
    write("started")
    wait_until(lambda: len(written()) == 2, 60, lambda: "nobody else started")


def send_one():
    async_task(wait_for_another)
    wait_until(lambda: len(written()) == 2, 60, lambda: "it started once")
    stop()
    return len(written())


def starts(**changes):
    """Return how often a task starts that waits for its second start.

    >>> from cookbook.reference.q_cluster_delivery.timeout import starts
    >>> starts(timeout=None, retry=1, workers=2)
    2
    """
    return observe(send_one, **changes)


def warns(**keys):
    """Read these keys as Django-Q2 does; return whether it warns of the two."""
    changed = override_settings(Q_CLUSTER=keys)
    with changed, warnings.catch_warnings(record=True, action="always") as caught:
        runpy.run_path(str(upstream.SOURCE))
    texts = [str(warning.message) for warning in caught]
    return any(text.startswith("Retry and timeout are misconfig") for text in texts)


def warnings_by_keys():
    """Return when the warning "Retry and timeout are misconfigured" is printed.

    >>> from cookbook.reference.q_cluster_delivery.timeout import warnings_by_keys
    >>> print(warnings_by_keys())
    | `Q_CLUSTER` has | Warns? |
    | --- | --- |
    | `"retry": 60` | yes |
    | `"timeout": None, "retry": 60` | yes |
    | `"timeout": 0, "retry": 60` | yes |
    | `"timeout": 61, "retry": 60` | yes |
    | `"timeout": 60, "retry": 60` | no |
    | `"timeout": 30, "retry": 31, "queue_limit": 100` | no |
    """
    cases = [
        {"retry": 60},
        {"timeout": None, "retry": 60},
        {"timeout": 0, "retry": 60},
        {"timeout": 61, "retry": 60},
        {"timeout": 60, "retry": 60},
        {"timeout": 30, "retry": 31, "queue_limit": 100},
    ]
    rows = {
        "`" + str(keys)[1:-1].replace("'", '"') + "`": "yes" if warns(**keys) else "no"
        for keys in cases
    }
    return table(rows, ("`Q_CLUSTER` has", "Warns?"))
