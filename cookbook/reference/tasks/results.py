"""Wait for a result and read the stored task.

A task is found by its id or by its name. What its row holds:

>>> from django_q.tasks import async_task, fetch, queue_size, result
>>> task = async_task(round, 2.71, ndigits=1, group="sums", task_name="total")
>>> result(task, wait=30_000), result("total")
(2.7, 2.7)
>>> row = fetch(task)
>>> row.func, row.args, row.kwargs, row.result, row.group
('<built-in function round>', (2.71,), {'ndigits': 1}, 2.7, 'sums')
>>> row.success, row.attempt_count, row.cluster, row.hook, len(row.id)
(True, 1, 'shop', None, 32)
>>> row.delete(), queue_size()
((1, {'django_q.Task': 1}), 0)
"""

from time import monotonic, sleep

from django_q.brokers import get_broker
from django_q.models import Task
from django_q.tasks import async_task, fetch, queue_size, result

from cookbook.harness.trial import table


def wait_for(task, wait):
    """Return a result and whether the whole time passed until it came."""
    start = monotonic()
    value = result(task, wait=wait)
    passed = monotonic() - start >= wait / 1000
    return f"`{value}`, {'after the whole time' if passed else 'at once'}"


def edges():
    """Return what `result` gives.

    >>> from cookbook.reference.tasks.results import edges
    >>> print(edges())
    | Result | What `result` returns |
    | --- | --- |
    | There is none yet, `wait=100` | `None`, after the whole time |
    | The function returned `None`, `wait=100` | `None`, after the whole time |
    | The task failed | A text, `bad operand type for abs(): 'str'`, and the traceback |
    | A name that two results have | Raises `MultipleObjectsReturned` |
    | A name that no result has | `None` |
    """
    slow = async_task(sleep, 1)
    early = wait_for(slow, 100)
    assert result(async_task(str, "done"), wait=-1) == "done"
    nothing = fetch(slow)
    assert nothing.success
    failed = async_task(abs, "x", ack_failure=True)
    fetch(failed, wait=30_000)
    for number in (-1, -2):
        fetch(async_task(abs, number, task_name="sum"), wait=30_000)
    try:
        two = result("sum")
    except Task.MultipleObjectsReturned as error:
        two = f"Raises `{type(error).__name__}`"
    return table({
        "There is none yet, `wait=100`": early,
        "The function returned `None`, `wait=100`": wait_for(slow, 100),
        "The task failed":
            f"A text, `{result(failed).split(' : ')[0]}`, and the traceback",
        "A name that two results have": two,
        "A name that no result has": f"`{result('sums of may')}`",
    }, ("Result", "What `result` returns"))  # fmt: skip


def clocks():
    """Return how long a task took that waited a second for its worker.

    >>> from cookbook.reference.tasks.results import clocks
    >>> clocks() > 1
    True
    """
    async_task(sleep, 1)
    return fetch(async_task(abs, -1), wait=30_000).time_taken()


def sizes():
    """Return how many tasks wait, in a queue without a cluster and in the cluster's.

    >>> from cookbook.reference.tasks.results import sizes
    >>> sizes()
    (1, 0)
    """
    mail = get_broker("mail")
    async_task(abs, -1, broker=mail)
    return queue_size(mail), queue_size()
