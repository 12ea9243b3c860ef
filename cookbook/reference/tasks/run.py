"""The options that decide where, how long and how often a task runs."""

import os
from time import sleep

from django_q.brokers import get_broker
from django_q.models import Failure, OrmQ
from django_q.tasks import async_task, fetch, result

from cookbook.harness.trial import observe, table


def queued(key="shop"):
    """Return the ids of the tasks in a queue of the ORM broker."""
    return [row.task_id() for row in OrmQ.objects.filter(key=key).order_by("id")]


def fail(**options):
    """Say whether a task that failed has left the queue."""
    task = async_task(abs, "x", **options)
    fetch(async_task(abs, -1), wait=30_000)  # One worker keeps the order.
    return "Stays; runs again after `retry`" if task in queued() else "Leaves"


def keep():
    return fail(ack_failure=False)


def ack_failure():
    """Return whether a failed task leaves the queue.

    >>> from cookbook.reference.tasks.run import ack_failure
    >>> print(ack_failure())
    | Value | The failed task |
    | --- | --- |
    | Not given, or `False` | Stays; runs again after `retry` |
    | `True` | Leaves |
    | `False`, and the key `ack_failures` is `True` | Stays; runs again after `retry` |
    """
    assert fail() == fail(ack_failure=False)
    return table({
        "Not given, or `False`": fail(),
        "`True`": fail(ack_failure=True),
        "`False`, and the key `ack_failures` is `True`":
            observe(keep, ack_failures=True),
    }, ("Value", "The failed task"))  # fmt: skip


def nap(seconds, **options):
    """Run a task that sleeps; say how it ended, and if its worker was replaced."""
    worker = result(async_task(os.getpid), wait=60_000)
    task = async_task(sleep, seconds, ack_failure=True, **options)
    replaced = result(async_task(os.getpid), wait=60_000) != worker
    row = fetch(task)
    if row is None:
        end = "No result; stays in the queue" if task in queued() else "No result"
    else:
        end = "Ends" if row.success else f"Fails: `{row.result.split(' : ')[0]}`"
    return end + ("; worker replaced" if replaced else "")


def endless():
    return nap(2, timeout=-1)


def timeout():
    """Return how a task of 20 seconds ends.

    >>> from cookbook.reference.tasks.run import timeout
    >>> print(timeout())
    | Value | What happens |
    | --- | --- |
    | `1` | Fails: `Task exceeded maximum timeout value (1 seconds)`; worker replaced |
    | `0` | No result; stays in the queue; worker replaced |
    | `0.5` | Fails: `'float' object cannot be interpreted as an integer` |
    | `None` | No result; stays in the queue; worker replaced |
    | `"1"` | No result; stays in the queue; worker replaced |
    | `-1`, for 2 seconds; the cluster has `1` | Ends |
    """
    rows = {f"`{value}`": nap(20, timeout=value) for value in (1, 0, 0.5)}
    rows["`None`"] = nap(20, timeout=None)
    rows['`"1"`'] = nap(20, timeout="1")
    rows["`-1`, for 2 seconds; the cluster has `1`"] = observe(endless)
    return table(rows)


def sync():
    """Return where a task runs and how an error shows.

    >>> from cookbook.reference.tasks.run import sync
    >>> print(sync())
    | Value | What happens |
    | --- | --- |
    | Not given, or `False` | Runs in a worker |
    | `True` | Runs in the calling process; the result is stored |
    | `True`, and the task fails | `async_task` raises `TypeError`; nothing is stored |
    """
    failures = Failure.objects.count()
    try:
        error = async_task(abs, "x", sync=True)
    except TypeError as raised:
        error = f"`async_task` raises `{type(raised).__name__}`; nothing is stored"
    assert Failure.objects.count() == failures
    here = result(async_task(os.getpid, sync=True)) == os.getpid()
    there = result(async_task(os.getpid), wait=30_000) == os.getpid()
    places = {True: "Runs in the calling process", False: "Runs in a worker"}
    return table({
        "Not given, or `False`": places[there],
        "`True`": f"{places[here]}; the result is stored",
        "`True`, and the task fails": error,
    })  # fmt: skip


def cluster():
    """Return which queue gets a task. No cluster serves the queue `mail`.

    >>> from cookbook.reference.tasks.run import cluster
    >>> print(cluster())
    | Value | What happens |
    | --- | --- |
    | Not given | Runs; the row has `shop` |
    | `cluster="mail"`, or its broker | Accepted; waits until a cluster serves `mail` |
    """
    stored = fetch(async_task(abs, -1), wait=30_000).cluster
    by_name = async_task(abs, -1, cluster="mail")
    by_broker = async_task(abs, -1, broker=get_broker("mail"))
    assert queued("mail") == [by_name, by_broker]
    wait = "Accepted; waits until a cluster serves `mail`"
    return table({
        "Not given": f"Runs; the row has `{stored}`",
        '`cluster="mail"`, or its broker': wait,
    })  # fmt: skip


def q_options():
    """Return which of two values counts.

    >>> from cookbook.reference.tasks.run import q_options
    >>> print(q_options())
    | Value | What happens |
    | --- | --- |
    | `timeout=9, q_options={"timeout": 20}` | The function gets `{'timeout': 9}` |
    | `q_options={"group": "q"}` | Group `q` |
    | `task_name` in a dictionary for two tasks | Only the first has it |
    | The dictionary after the calls | `{}` |
    """
    both = async_task(dict, timeout=9, q_options={"timeout": 20, "group": "q"})
    task = fetch(both, wait=30_000)
    options = {"task_name": "first"}
    names = [async_task(abs, -1, q_options=options) for _ in range(2)]
    first, second = (fetch(one, wait=30_000).name for one in names)
    assert first == "first"
    return table({
        '`timeout=9, q_options={"timeout": 20}`': f"The function gets `{task.kwargs}`",
        '`q_options={"group": "q"}`': f"Group `{task.group}`",
        "`task_name` in a dictionary for two tasks":
            "Only the first has it" if second != first else "Both have it",
        "The dictionary after the calls": f"`{options}`",
    })  # fmt: skip
