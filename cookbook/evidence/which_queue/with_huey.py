"""Huey: a connection that Django's settings name, retries and timeout a task."""

from huey import crontab
from huey.contrib.djhuey import periodic_task, task

from cookbook.evidence.which_queue import program

TASKS = {
    "work": task(timeout=10)(program.work),
    "hang": task(timeout=10)(program.hang),
    "stamp": task()(program.stamp),
    "fail": task(retries=2, retry_delay=5)(program.fail),
}
periodic_task(crontab(minute="*/2"))(program.tick)


def send(name, number):
    if name in TASKS:  # Huey refuses a coroutine when it is decorated.
        TASKS[name](number)
