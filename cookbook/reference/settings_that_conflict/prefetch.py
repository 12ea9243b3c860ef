"""retry, timeout and prefetch: when a task that only waits in memory runs twice.

Tasks hang until their `timeout` of 1 second. `retry` is the sum and 100
seconds, for up to five workers that are replaced on a busy machine:

>>> from cookbook.reference.settings_that_conflict.prefetch import edges
>>> print(edges())
| Values, with `timeout` 1 | A task that hangs |
| --- | --- |
| `workers` 1, `queue_limit` 2, `retry` 2 | runs twice |
| `workers` 1, `queue_limit` 2, `retry` 4 + 100 | runs once |
| `workers` 1, `queue_limit` 2, `bulk` 2, `retry` 2 | runs twice |
| `workers` 1, `queue_limit` 2, `bulk` 2, `retry` 5 + 100 | runs once |
| `workers` 2, `queue_limit` 2, `retry` 3 + 100 | runs once |
"""

from contextlib import suppress
from time import sleep

from django.db import transaction
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import observe, table, wait_until, write, written
from cookbook.qdoctor.rules import longest_hold


def hang(number):
    write(number)
    sleep(600)


def send(tasks):
    """Send tasks that hang; return whether one of them runs more than once."""
    with transaction.atomic():
        for number in range(tasks):
            async_task(hang, number, ack_failure=True)
    empty = []

    def over():
        empty.append(not OrmQ.objects.exists())
        # What was fetched twice still runs when the queue has been empty for a while.
        return len(written()) > tasks or empty[-150:] == [True] * 150

    # A worker that is killed while it reports leaves its row in the queue.
    with suppress(TimeoutError):
        wait_until(over, 90, lambda: f"no end: {written()}")
    return len(written()) > tasks


def hold(**keys):
    """Return the seconds from a task's fetch to its end, for some keys of Q_CLUSTER."""
    return longest_hold({"timeout": 1, "workers": 1, "bulk": 1} | keys, "orm")


def row(keys, retry):
    values = ", ".join(f"`{key}` {value}" for key, value in keys.items())
    return f"{values}, {retry}" if retry else values


def edges():
    runs, rows = {False: "runs once", True: "runs twice"}, {}
    for keys, is_short in (
        ({"workers": 1, "queue_limit": 2}, True),
        ({"workers": 1, "queue_limit": 2}, False),
        ({"workers": 1, "queue_limit": 2, "bulk": 2}, True),
        ({"workers": 1, "queue_limit": 2, "bulk": 2}, False),
        ({"workers": 2, "queue_limit": 2}, False),
    ):
        # As many as one cluster fetches.
        tasks = keys["workers"] + keys["queue_limit"] + keys.get("bulk", 1)
        retry = 2 if is_short else hold(**keys) + 100
        name = "`retry` 2" if is_short else f"`retry` {hold(**keys)} + 100"
        rows[row(keys, name)] = runs[observe(send, tasks, retry=retry, **keys)]
    return table(rows, ("Values, with `timeout` 1", "A task that hangs"))


def sums():
    """Return the sum for usual values, in seconds.

    >>> from cookbook.reference.settings_that_conflict.prefetch import sums
    >>> print(sums())
    | Values, with `timeout` 60 | Set `retry` above |
    | --- | --- |
    | `workers` 4, `queue_limit` 16 | 360 |
    | `workers` 4, `queue_limit` 4 | 180 |
    | `workers` 4, `queue_limit` 16, `bulk` 100 | 1800 |
    """
    rows = {}
    for keys in (
        {"workers": 4, "queue_limit": 16},
        {"workers": 4, "queue_limit": 4},
        {"workers": 4, "queue_limit": 16, "bulk": 100},
    ):
        rows[row(keys, "")] = hold(timeout=60, **keys)
    return table(rows, ("Values, with `timeout` 60", "Set `retry` above"))
