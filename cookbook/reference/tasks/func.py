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
"""

import re

from django_q.models import OrmQ
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import observe, own_log, stop, table, wait_until


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


def lose(name):
    """Send a task whose result cannot be pickled; return what the log says of it."""
    task = async_task(f"{__name__}.{name}")
    fetch(async_task(abs, -1), wait=60_000)  # One worker keeps the order.
    assert fetch(task) is None
    assert task in [row.task_id() for row in OrmQ.objects.all()]
    pattern = r"cannot pickle '\w+' object"
    wait_until(lambda: re.search(pattern, own_log()), 30, own_log)
    stop()
    return f"No result: `{re.search(pattern, own_log())[0]}`"


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
