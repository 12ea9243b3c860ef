"""Options that people write and async_task does not have.

A keyword that is no option goes to the function:

>>> from datetime import timedelta
>>> from django.utils import timezone
>>> from django_q.tasks import async_task, result, schedule
>>> call = async_task(dict, delay=60, countdown=60, eta="9:00", schedule_time=9)
>>> result(call, wait=30_000)
{'delay': 60, 'countdown': 60, 'eta': '9:00', 'schedule_time': 9}
>>> result(async_task(dict, retry=5, priority=1, name="x"), wait=30_000)
{'retry': 5, 'priority': 1, 'name': 'x'}

So a function that does not know it fails:

>>> print(result(async_task(abs, -1, delay=60, ack_failure=True), wait=30_000))
abs() takes no keyword arguments : Traceback (most recent call last):
...

A later start is a schedule that runs once; `name` is an option of schedule only:

>>> later = schedule("builtins.abs", -1, next_run=timezone.now() + timedelta(hours=1))
>>> later.get_schedule_type_display(), later.next_run > timezone.now()
('Once', True)

A function that the worker cannot find is a failure of the task, not of async_task:

>>> lost = async_task("shop.tasks.send", ack_failure=True)
>>> print(result(lost, wait=30_000))
Function shop.tasks.send is not defined : Traceback (most recent call last):
...

What cannot be pickled fails at once:

>>> async_task(lambda: 1)
Traceback (most recent call last):
    ...
_pickle.PicklingError: Can't pickle <function <lambda> at ...
"""
