"""Results that cannot be pickled, and the same results as plain data.

`max_attempts` is 1, so a task that fails would run once. The count of a task stops when
it was delivered three times:

>>> from cookbook.harness.trial import observe
>>> from cookbook.troubleshooting.runs_twice.no_result import compare
>>> print(observe(compare, max_attempts=1, retry=2))
| The task | Runs | Results |
| --- | --- | --- |
| returns a generator | again and again | 0 |
| returns a list | once | 1 |
| is an `async def` function | again and again | 0 |
| calls it with `async_to_sync` | once | 1 |
"""

import re

from asgiref.sync import async_to_sync
from django_q.models import Task
from django_q.tasks import async_task

from cookbook.harness.trial import own_log, stop, table, wait_until


def generate():
    return (number for number in range(3))


def enumerate_all():
    return list(generate())


async def ask():
    """Return what a service would answer."""
    return "answer"


def ask_and_wait():
    return async_to_sync(ask)()


CALLS = {
    "returns a generator": generate,
    "returns a list": enumerate_all,
    "is an `async def` function": ask,
    "calls it with `async_to_sync`": ask_and_wait,
}


def deliveries(function):
    """Return how often the cluster has begun to run a function."""
    return len(re.findall(rf"processing \S+ '\S+\.{function.__name__}'", own_log()))


def compare():
    """Send each task once, and return how often it ran and how many results it has."""
    for function in CALLS.values():
        async_task(function)
    for function in (generate, ask):
        wait_until(lambda f=function: deliveries(f) >= 3, 60, own_log)
    stop()
    rows = {}
    for name, function in CALLS.items():
        runs = "again and again" if deliveries(function) >= 3 else "once"
        results = Task.objects.filter(func__endswith=f".{function.__name__}").count()
        rows[name] = f"{runs} | {results}"
    heads = ("The task", "Runs | Results")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")
