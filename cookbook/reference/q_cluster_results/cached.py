"""cached: whether results go to the cache instead of the database, and for how long.

One task succeeds and one fails:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_results.cached import where
>>> where(cached=False)
{'result': 7, 'rows': 2, 'hook': 'called', 'in the cache': 0}
>>> where(cached=60)
{'result': 7, 'rows': 0, 'hook': 'not called', 'in the cache': 2}

A task may decide for itself:

>>> where(cached=60, options={"cached": False})
{'result': None, 'rows': 2, 'hook': 'called', 'in the cache': 0}

At the edges:

>>> where(cached=True)
{'result': 7, 'rows': 0, 'hook': 'not called', 'in the cache': 2}
>>> where(cached=-1)
{'result': None, 'rows': 0, 'hook': 'not called', 'in the cache': 0}
>>> where(cached=0)
{'result': 7, 'rows': 2, 'hook': 'called', 'in the cache': 0}

Who reads it, and another broker:

>>> readers("cached")
['tasks.py']
>>> where(cached=60, orm=None, redis="redis://localhost:6379/0")
{'result': 7, 'rows': 0, 'hook': 'not called', 'in the cache': 2}
"""

from django.dispatch import receiver
from django_q.models import Task
from django_q.signals import post_execute
from django_q.tasks import async_task, fetch_cached, result

from cookbook.harness.trial import observe, stop, wait_until, write, written


@receiver(post_execute)
def after(sender, task, **kwargs):
    """The monitor sends this signal when a result is stored, wherever that is."""
    write("done")


def note(task):
    write("hook")


def send(options):
    """Send a task that succeeds and one that fails; return what is left of them."""
    good = async_task(abs, -7, hook=note, **options)
    bad = async_task(abs, "no number", **options)
    done = (lambda: written().count("done") == 2, 60, lambda: f"only {written()}")
    wait_until(*done)
    stop()
    return {
        "result": result(good),
        "rows": Task.objects.count(),
        "hook": "called" if "hook" in written() else "not called",
        "in the cache": sum(fetch_cached(task) is not None for task in (good, bad)),
    }


def where(options=None, **changes):
    """Return where the results of two tasks are."""
    return observe(send, options or {}, **changes)
