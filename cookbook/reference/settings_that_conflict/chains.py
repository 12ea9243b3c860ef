"""save_limit, chains and hooks: what is lost with a result that is not saved.

A task with a hook runs, and a chain of three tasks that return 1, 2 and 3:

>>> from cookbook.reference.settings_that_conflict.chains import edges
>>> print(edges())
| `save_limit` | What happens |
| --- | --- |
| 0 | 3 of 3 tasks run; results [1, 2, 3]; hook called |
| 1 | 3 of 3 tasks run; results [3]; hook called |
| -1 | 1 of 3 tasks run; results []; hook not called |
| -1, tasks with `save=True` | 3 of 3 tasks run; results [1, 2, 3]; hook called |
"""

from django_q.models import OrmQ
from django_q.tasks import Chain, async_task

from cookbook.harness.trial import observe, stop, table, wait_until, write, written


def link(number):
    write("link")
    return number


def hook(task):
    write("hook")


def send(options):
    """Run a task with a hook and then a chain of three; return what happened."""
    async_task(abs, -4, hook=hook, **options)
    chain = Chain()
    for number in (1, 2, 3):
        chain.append(link, number, **options)
    chain.run()
    # A task leaves the queue when the next one of its chain is in it.
    waits = OrmQ.objects.exists
    wait_until(lambda: not waits(), 60, lambda: f"no end: {written()}")
    stop()
    return [
        f"{written().count('link')} of 3 tasks run",
        f"results {sorted(chain.result(wait=500) or [])}",
        f"hook {'' if 'hook' in written() else 'not '}called",
    ]


def edges():
    rows = {
        f"{limit}": "; ".join(observe(send, {}, save_limit=limit))
        for limit in (0, 1, -1)
    }
    saved = observe(send, {"save": True}, save_limit=-1)
    rows["-1, tasks with `save=True`"] = "; ".join(saved)
    return table(rows, ("`save_limit`", "What happens"))
