"""A hook of a task that fails is called for each attempt.

The task fails, and `max_attempts` is 2. The second hook asks which attempt it was:

>>> from cookbook.harness.trial import observe
>>> from cookbook.troubleshooting.results.hooks import calls
>>> observe(calls, max_attempts=2, retry=2)
{'each attempt': 2, 'the end': 1}
"""

from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import stop, wait_until, write, written


def note(task):
    write("each attempt")


def note_end(task):
    if task.success or task.attempt_count == Conf.MAX_ATTEMPTS:
        write("the end")


def calls():
    """Send a failing task with each hook; return how often the hooks were called."""
    for hook in (note, note_end):
        async_task(abs, "x", hook=f"{__name__}.{hook.__name__}")
    wait_until(lambda: not OrmQ.objects.exists(), 60, lambda: f"no end: {written()}")
    stop()
    return {line: written().count(line) for line in ("each attempt", "the end")}
