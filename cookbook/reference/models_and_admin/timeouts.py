"""The one exception of Django-Q2: a task has reached its timeout.

>>> from django_q import exceptions
>>> from django_q.exceptions import TimeoutException
>>> from django_q.tasks import async_task, result
>>> from cookbook.reference.models_and_admin.timeouts import patient, stubborn
>>> [name for name in vars(exceptions) if not name.startswith("_")]
['TimeoutException']
>>> TimeoutException.__mro__[1:3]
(<class 'SystemExit'>, <class 'BaseException'>)

It is no Exception, so a task that catches Exception ends all the same:

>>> patient(seconds=0)  # With time enough it ends by itself.
>>> print(result(async_task(patient, timeout=1, ack_failure=True), wait=30_000))
Task exceeded maximum timeout value (1 seconds) : Traceback ...

A task that catches everything goes on after its timeout:

>>> result(async_task(stubborn, timeout=1), wait=30_000)
'went on'
"""

from contextlib import suppress
from time import sleep


def patient(seconds=20):
    with suppress(Exception):
        sleep(seconds)


def stubborn():
    try:
        sleep(20)
    except BaseException:
        return "went on"
