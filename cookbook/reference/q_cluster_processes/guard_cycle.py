"""guard_cycle: seconds that the sentinel pauses between two rounds.

A worker ends after its first task. Is it replaced in time for the second one, does
`qinfo` see the cluster, and does the sentinel pause? It pauses if fewer than five of
its rounds can be seen in half a second.

>>> from cookbook.reference.q_cluster_processes.guard_cycle import edges
>>> print(edges())
| Value | What happens |
| --- | --- |
| `0.5` | Worker replaced; cluster seen; the sentinel pauses |
| `0` | Worker replaced; cluster seen; the sentinel never pauses |
| `-1` | Worker replaced; cluster seen; the sentinel never pauses |
| `600` | Worker not replaced; cluster not seen; the sentinel pauses |
| `10**12` | Worker not replaced; cluster not seen; the sentinel pauses |
| `None` | `TypeError: unsupported operand type(s) for +=: 'int' and 'NoneType'` |

A task swallows the exception of its timeout and continues. Does it outlive its timeout?

>>> from cookbook.reference.q_cluster_processes.guard_cycle import escapes, sure
>>> escapes(seconds=60, guard_cycle=0.5)
False
>>> escapes(seconds=8, guard_cycle=0.3)
True

With these values the sentinel ends such a task, for a `timeout` of 1 and of 60 seconds:

>>> [cycle for cycle in (0.1, 0.25, 0.3, 0.5, 1, 2, 5) if sure(1, cycle)]
[0.25, 0.5, 1, 2]
>>> [cycle for cycle in (0.1, 0.25, 0.3, 0.5, 1, 2, 5) if sure(60, cycle)]
[0.25, 0.5, 1]
"""

from contextlib import suppress
from ctypes import c_float
from time import monotonic, sleep

from django_q.conf import Conf
from django_q.status import Stat
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import call, cluster, complaint, observe, table, wait_until


def rounds():
    """Return how many rounds of the sentinel can be seen in half a second."""
    rounds, end = set(), monotonic() + 0.5
    while monotonic() < end:
        rounds |= {state.timestamp for state in Stat.get_all()}
    return len(rounds)


def send():
    """Send two tasks for which two workers are needed, and wait for the second."""
    async_task(abs, 1)
    wait = 60_000 if Conf.GUARD_CYCLE < 1 else 4_000
    second = fetch(async_task(abs, 2), wait=wait)
    return {
        "replaced": bool(second),
        "visible": bool(Stat.get_all()),
        "pauses": rounds() < 5,
    }


def guard(**changes):
    return observe(send, recycle=1, **changes)


def stubborn(seconds):
    with suppress(BaseException):  # The timeout is one: it is a SystemExit.
        sleep(600)
    sleep(seconds)


def persist(seconds):
    async_task(stubborn, seconds)


def escapes(seconds, **changes):
    """Return whether a task outlives its timeout by these seconds."""
    with cluster("SQLite", **changes) as running:
        call(running, persist, seconds)

        def ended():
            return " after timeout" in running.log or "Processed" in running.log

        wait_until(ended, 90, lambda: f"the task has not ended:\n{running.log}")
        return "Processed" in running.log


def sure(timeout, guard_cycle):
    """Return whether the timer of a worker reaches exactly 0."""
    timer = c_float(timeout + 3)
    while timer.value > 0:
        timer.value -= guard_cycle
    return timer.value == 0


REPLACED = {True: "Worker replaced", False: "Worker not replaced"}
SEEN = {True: "cluster seen", False: "cluster not seen"}
PAUSES = {True: "the sentinel pauses", False: "the sentinel never pauses"}


def describe(outcome):
    replaced, visible = REPLACED[outcome["replaced"]], SEEN[outcome["visible"]]
    return f"{replaced}; {visible}; {PAUSES[outcome['pauses']]}"


def edges():
    cycles = {"0.5": 0.5, "0": 0, "-1": -1, "600": 600, "10**12": 10**12}
    rows = {
        f"`{text}`": describe(guard(guard_cycle=seconds))
        for text, seconds in cycles.items()
    }
    return table(rows | {"`None`": f"`{complaint(guard_cycle=None)}`"})
