"""guard_cycle and timeout: who kills a task that catches its own timeout.

Its `timeout` is 1 second; a worker that lives is watched for 8 seconds:

>>> from cookbook.reference.settings_that_conflict.guard import edges, hang
>>> hang(seconds=0)
>>> print(edges())
| `guard_cycle` | What happens |
| --- | --- |
| 0.5 | The worker is killed; `qmonitor` shows 1 cluster |
| 0.3 | The worker lives on; `qmonitor` shows 1 cluster |
| 60 | The worker lives on; `qmonitor` shows 0 clusters |
"""

from contextlib import suppress
from time import sleep

from django_q.status import Stat
from django_q.tasks import async_task

from cookbook.harness.trial import observe, table, wait_until

SECONDS = {0.5: 60, 0.3: 8, 60: 8}


def hang(seconds):
    for _ in range(2):
        with suppress(BaseException):  # As a bare `except:` in a library does.
            sleep(seconds)


def send(seconds):
    """Send a task that hangs; return what became of its worker in these seconds."""
    async_task(hang, 600)

    def killed():
        return any(cluster.reincarnations for cluster in Stat.get_all())

    with suppress(TimeoutError):
        wait_until(killed, seconds, lambda: "its worker lives")
    worker = "is killed" if killed() else "lives on"
    clusters = {0: "0 clusters", 1: "1 cluster"}[len(Stat.get_all())]
    return f"The worker {worker}; `qmonitor` shows {clusters}"


def edges():
    rows = {
        cycle: observe(send, seconds, guard_cycle=cycle)
        for cycle, seconds in SECONDS.items()
    }
    return table(rows, ("`guard_cycle`", "What happens"))
