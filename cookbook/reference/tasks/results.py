"""Wait for a result, read the stored task, and use AsyncTask.

wait is in milliseconds; 0 asks once, a negative number waits for ever:

>>> from django_q.brokers import get_broker
>>> from django_q.tasks import AsyncTask, async_task, fetch, queue_size, result
>>> from time import sleep
>>> from cookbook.reference.tasks.results import properties
>>> async_task(sleep, 0.5) and result(slow := async_task(str, "done"))
>>> result(slow, wait=10)
>>> result(slow, wait=-1)
'done'

None means "not yet" and "the function returned None"; fetch tells them apart:

>>> nothing = async_task(print)
>>> task = fetch(nothing, wait=30_000)
>>> result(nothing), task.success, task.result
(None, True, None)

The result of a failure is a text:

>>> print(result(async_task(abs, "x", ack_failure=True), wait=30_000))
bad operand type for abs(): 'str' : Traceback (most recent call last):
...

A task is found by its id and by its name, which should then be the only one:

>>> result(async_task(abs, -1, task_name="total"), wait=30_000)
1
>>> result("total")
1
>>> result(async_task(abs, -2, task_name="total"), wait=30_000)
2
>>> result("total")
Traceback (most recent call last):
    ...
django_q.models.Task.MultipleObjectsReturned: get() returned more than one Task...

What a stored task holds:

>>> task = fetch(async_task(round, 2.71, ndigits=1, group="sums"), wait=30_000)
>>> task.func, task.args, task.kwargs, task.result, task.group
('<built-in function round>', (2.71,), {'ndigits': 1}, 2.7, 'sums')
>>> task.attempt_count, len(task.id), task.hook
(1, 32, None)

time_taken begins at async_task, so it holds the wait for a worker:

>>> blocker, behind = async_task(sleep, 1), async_task(abs, -1)
>>> fetch(behind, wait=30_000).time_taken() > 1
True

delete is Django's; queue_size counts what no cluster has taken:

>>> task.delete()
(1, {'django_q.Task': 1})
>>> fetch("sums of may")
>>> mail = get_broker("mail")
>>> async_task(abs, -1, broker=mail) and queue_size(mail)
1

Without its own broker, queue_size asks the cluster's queue:

>>> queue_size()
0

AsyncTask keeps the call and its options until run():

>>> order = AsyncTask(abs, -7, group="orders")
>>> order.result(wait=10)
>>> order_id = order.run()
>>> order.result(wait=30_000), order.fetch().id == order_id
(7, True)
>>> list(order.result_group()), [task.result for task in order.fetch_group()]
([7], [7])

Setting an option makes it forget that it ran; run() then queues a second task:

>>> order.group = "late orders"
>>> order.result()
>>> order.run() == order_id, order.result(wait=30_000), order.fetch().group
(False, 7, 'late orders')
>>> print(*properties())
broker cached group hook save sync

Another attribute is an attribute, and changes nothing:

>>> order.timeout = 1
>>> order.kwargs
{'group': 'late orders'}
"""

from django_q.tasks import (
    AsyncTask,
)


def properties():
    """Return the options that AsyncTask has as properties."""
    return sorted(k for k, v in vars(AsyncTask).items() if isinstance(v, property))
