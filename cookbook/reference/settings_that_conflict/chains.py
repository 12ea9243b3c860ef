"""save_limit, chains and hooks: what a result that is not stored takes with it.

>>> from cookbook.reference.settings_that_conflict.chains import left
>>> left(save_limit=0)
{'chain ran': 3, 'chain result': [1, 2, 3], 'hook': 'called'}
>>> left(save_limit=1)
{'chain ran': 3, 'chain result': [3], 'hook': 'called'}
>>> left(save_limit=-1)
{'chain ran': 1, 'chain result': [], 'hook': 'not called'}

The option save of a task stores its result all the same:

>>> left(save_limit=-1, options={"save": True})
{'chain ran': 3, 'chain result': [1, 2, 3], 'hook': 'called'}
"""

from django_q.models import OrmQ
from django_q.tasks import Chain, async_task

from cookbook.harness.trial import observe, stop, wait_until, write, written


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
    return {
        "chain ran": written().count("link"),
        "chain result": sorted(chain.result(wait=500) or []),
        "hook": "called" if "hook" in written() else "not called",
    }


def left(options=None, **changes):
    return observe(send, options or {}, **changes)
