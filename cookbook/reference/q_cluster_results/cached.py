"""cached: whether results go to the cache instead of the database, and for how long.

One task succeeds with the result 7, and one fails. Where are their results?

>>> from cookbook.reference.q_cluster_results.cached import edges, store
>>> print(edges())
| Value | What happens |
| --- | --- |
| `60` | Database: 0, cache: 2; hook not called; result: 7 |
| `True` | Database: 0, cache: 2; hook not called; result: 7 |
| `False` | Database: 2, cache: 0; hook called; result: 7 |
| `0` | Database: 2, cache: 0; hook called; result: 7 |
| `-1` | Database: 0, cache: 0; hook not called; result: None |
| `60`, task has `cached=False` | Database: 2, cache: 0; hook called; result: None |

The same with Redis:

>>> store(cached=60, orm=None, redis="redis://localhost:6379/0")
{'result': 7, 'rows': 0, 'hook': 'not called', 'in the cache': 2}
"""

from django.dispatch import receiver
from django_q.models import Task
from django_q.signals import post_execute
from django_q.tasks import async_task, fetch_cached, result

from cookbook.harness.trial import (
    observe,
    stop,
    table,
    wait_until,
    write,
    written,
)


@receiver(post_execute)
def after(sender, task, **kwargs):
    """Write that the monitor has stored a result, in the database or the cache."""
    write("done")


def note(task):
    write("hook")


def send(options):
    """Send a task that succeeds and one that fails; return what is left of them."""
    good = async_task(abs, -7, hook=note, **options)
    bad = async_task(abs, "no number", **options)
    condition = (lambda: written().count("done") == 2, 60, lambda: f"only {written()}")
    wait_until(*condition)
    stop()
    return {
        "result": result(good),
        "rows": Task.objects.count(),
        "hook": "called" if "hook" in written() else "not called",
        "in the cache": sum(fetch_cached(task) is not None for task in (good, bad)),
    }


def store(options=None, **changes):
    """Return where the results of the two tasks are stored."""
    return observe(send, options or {}, **changes)


def describe(outcome):
    return (
        f"Database: {outcome['rows']}, cache: {outcome['in the cache']}; "
        f"hook {outcome['hook']}; result: {outcome['result']}"
    )


def edges():
    rows = {
        f"`{value}`": describe(store(cached=value))
        for value in (60, True, False, 0, -1)
    }
    option = store(cached=60, options={"cached": False})
    return table(rows | {"`60`, task has `cached=False`": describe(option)})
