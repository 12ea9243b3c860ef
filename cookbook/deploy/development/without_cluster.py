"""What differs when a task runs in the process that sends it.

>>> from cookbook.deploy.development.without_cluster import tell
>>> from contextlib import suppress
>>> from time import sleep
>>> from django.db import transaction
>>> from django_q.models import Failure
>>> from django_q.tasks import async_task, fetch, result
>>> from cookbook.deploy.development.tasks import pack

The result is there when `async_task` returns, and the hook has been called:

>>> task = async_task(pack, 7, sync=True, hook=tell)
the hook was told: order 7 is packed
>>> result(task)
'order 7 is packed'

An error of the task is raised here, and stored nowhere; a cluster stores it:

>>> async_task(pack, 0, sync=True)
Traceback (most recent call last):
    ...
ValueError: no order 0
>>> Failure.objects.count()
0
>>> fetch(async_task(pack, 0), wait=60_000).success, Failure.objects.count()
(False, 1)

The task is a part of the caller's transaction, and its result goes with it:

>>> with suppress(ZeroDivisionError), transaction.atomic():
...     task = async_task(pack, 8, sync=True)
...     1 / 0
>>> fetch(task) is None
True

The arguments are pickled and the time is limited, as in a cluster:

>>> async_task(pack, lambda: 7, sync=True)
Traceback (most recent call last):
    ...
_pickle.PicklingError: Can't pickle ...
>>> async_task(sleep, 5, sync=True, timeout=1)
Traceback (most recent call last):
    ...
django_q.exceptions.TimeoutException: ...
"""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 60,
    "retry": 300,
}


def tell(task):
    """Be the hook of a task."""
    print("the hook was told:", task.result)
