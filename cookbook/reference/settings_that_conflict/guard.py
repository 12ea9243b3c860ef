"""guard_cycle, timeout and health: who kills a task that does not listen.

A task catches everything, its own timeout too:

>>> from cookbook.reference.settings_that_conflict.guard import hang, stuck
>>> hang(seconds=0)
>>> stuck(within=60, guard_cycle=0.5)
{'worker': 'killed', 'clusters seen': 1}
>>> stuck(within=8, guard_cycle=0.3)
{'worker': 'lives on', 'clusters seen': 1}
>>> stuck(within=8, guard_cycle=60)
{'worker': 'lives on', 'clusters seen': 0}
"""

from contextlib import suppress
from time import sleep

from django_q.status import Stat
from django_q.tasks import async_task

from cookbook.harness.trial import observe, wait_until


def hang(seconds):
    for _ in range(2):
        with suppress(BaseException):  # As a bare `except:` in a library does.
            sleep(seconds)


def send(seconds):
    """Send a task that hangs; return what became of its worker in so many seconds."""
    async_task(hang, 600)

    def killed():
        return any(cluster.reincarnations for cluster in Stat.get_all())

    with suppress(TimeoutError):
        wait_until(killed, seconds, lambda: "its worker lives")
    worker = "killed" if killed() else "lives on"
    return {"worker": worker, "clusters seen": len(Stat.get_all())}


def stuck(within, **changes):
    return observe(send, within, **changes)
