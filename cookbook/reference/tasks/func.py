"""func: what a task calls.

>>> from cookbook.reference.tasks.func import edges
>>> print(edges())
| Value | What happens |
| --- | --- |
| A function that can be imported | Runs |
| Its dotted path as text | Runs |
| A path that leads nowhere | Fails: `Function shop.tasks.send is not defined` |
| A lambda, or a function inside a function | `async_task` raises an error of `pickle` |
| An `async def` function | No result: `cannot pickle 'coroutine' object` |
| A function that returns a generator | No result: `cannot pickle 'generator' object` |

The last two, a function that returns an open file, and one that puts it into its
argument, with `ack_failure`, `max_attempts=1` and a `retry` of two seconds. Each is
delivered three times. How many rows do they have?

>>> from cookbook.reference.tasks.func import deliver
>>> from cookbook.harness.trial import observe
>>> observe(deliver, 3, max_attempts=1, retry=2)
0
"""

import os
import re
from pathlib import Path

from django_q.models import OrmQ, Task
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import observe, own_log, stop, table, wait_until

ERROR = r"cannot pickle '[\w.]+' (?:object|instances)"


async def coroutine():
    """Return a coroutine, and run nothing."""


def generate():
    return (number for number in range(3))


def describe(func, *arguments):
    """Run a task and say how it ended."""
    task = fetch(async_task(func, *arguments, ack_failure=True), wait=60_000)
    return "Runs" if task.success else f"Fails: `{task.result.split(' : ')[0]}`"


def refuse(func):
    """Return the error that async_task raises."""
    try:
        return async_task(func)
    except Exception as error:
        return str(error)


def opened():
    return Path(os.devnull).open()


def keep(files):
    files.append(opened())


CALLS = [(coroutine,), (generate,), (opened,), (keep, [])]


def deliver(times):
    """Send tasks whose results cannot be pickled, until each was delivered so often.

    Returns the number of their rows.
    """
    tasks = [async_task(*call, ack_failure=True) for call in CALLS]

    def delivered():
        return len(re.findall(ERROR, own_log())) >= times * len(tasks)

    wait_until(delivered, 60, own_log)
    stop()
    assert {*tasks} == {row.task_id() for row in OrmQ.objects.all()}
    return Task.objects.count()


def lose(name):
    """Send a task whose result cannot be pickled; return what the log says of it."""
    async_task(f"{__name__}.{name}")
    wait_until(lambda: re.search(ERROR, own_log()), 60, own_log)
    stop()
    return f"No result: `{re.search(ERROR, own_log())[0]}`"


def edges():
    def inside():
        """Do nothing."""

    assert "local object" in refuse(lambda: 1)
    assert "local object" in refuse(inside)
    return table({
        "A function that can be imported": describe(abs, -1),
        "Its dotted path as text": describe("builtins.abs", -1),
        "A path that leads nowhere": describe("shop.tasks.send"),
        "A lambda, or a function inside a function":
            "`async_task` raises an error of `pickle`",
        "An `async def` function": observe(lose, "coroutine"),
        "A function that returns a generator": observe(lose, "generate"),
    })  # fmt: skip
