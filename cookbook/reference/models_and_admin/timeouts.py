"""The one exception of Django-Q2: a task has reached its timeout.

>>> from django_q.exceptions import TimeoutException
>>> TimeoutException.__mro__[1:3]
(<class 'SystemExit'>, <class 'BaseException'>)
"""

from contextlib import suppress
from time import sleep

from django_q import exceptions
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import table


def patient(seconds=20):
    with suppress(Exception):
        sleep(seconds)


def stubborn():
    try:
        sleep(20)
    except BaseException:
        return "went on"


def edges():
    """Return how tasks end that catch errors.

    >>> from cookbook.reference.models_and_admin.timeouts import edges
    >>> print(edges())
    | The task catches | After its timeout |
    | --- | --- |
    | Nothing | Fails: `Task exceeded maximum timeout value (1 seconds)` |
    | `Exception` | Fails: `Task exceeded maximum timeout value (1 seconds)` |
    | `BaseException` | Succeeds: `went on` |
    """
    assert [one for one in vars(exceptions) if one[0] != "_"] == ["TimeoutException"]
    patient(seconds=0)  # With time enough it ends.
    rows = {}
    for caught, func, arguments in (
        ("Nothing", sleep, (20,)),
        ("`Exception`", patient, ()),
        ("`BaseException`", stubborn, ()),
    ):
        options = {"timeout": 1, "ack_failure": True}
        task = fetch(async_task(func, *arguments, **options), wait=30_000)
        text = str(task.result).split(" : ")[0]
        rows[caught] = f"{'Succeeds' if task.success else 'Fails'}: `{text}`"
    return table(rows, ("The task catches", "After its timeout"))
