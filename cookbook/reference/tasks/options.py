"""Every option of async_task, and what changes with it.

>>> import textwrap
>>> from django.core.management import call_command
>>> from django_q.brokers import get_broker
>>> from django_q.models import Failure, OrmQ
>>> from django_q.tasks import async_task, fetch, result
>>> from functools import partial
>>> from os import getpid
>>> from time import sleep
>>> from cookbook.reference.tasks.options import double, options
>>> print(textwrap.fill(" ".join(options()), 72))
ack_failure broker cached chain cluster group hook iter_cached
iter_count q_options save sync task_name timeout
>>> done = partial(fetch, wait=30_000)

task_name, or four words from a list:

>>> done(async_task(abs, -1, task_name="invoice 7")).name
'invoice 7'
>>> len(done(async_task(abs, -1)).name.split("-"))
4

group is a label of the stored result:

>>> done(async_task(abs, -1)).group, done(async_task(abs, -1, group="may")).group
(None, 'may')

hook is called with the stored task; this one queues another:

>>> first = async_task(abs, -5, hook=double)
>>> result(f"twice {first}", wait=30_000)
10
>>> fetch(first).hook
'<function double at 0x...>'

save=False leaves out a success, and only a success:

>>> success = async_task(abs, -1, save=False)
>>> failure = async_task(abs, "x", save=False)
>>> done(failure).success, fetch(success)
(False, None)

ack_failure=True takes a failed task out of the queue; else it waits to run again:

>>> kept = done(async_task(abs, "x"))
>>> gone = done(async_task(abs, "x", ack_failure=True))
>>> done(async_task(abs, -1)).success
True
>>> queued = {row.task_id() for row in OrmQ.objects.filter(key="shop")}
>>> kept.id in queued, gone.id in queued
(True, False)

timeout is in seconds, for this task instead of the cluster's:

>>> print(result(async_task(sleep, 20, timeout=1, ack_failure=True), wait=30_000))
Task exceeded maximum timeout value (1 seconds) : Traceback ...
>>> result(async_task(str, "no limit", timeout=-1), wait=30_000)
'no limit'

sync=True runs it in this process, and an exception comes up here:

>>> result(async_task(getpid, sync=True)) == getpid()
True
>>> result(async_task(getpid), wait=30_000) == getpid()
False
>>> failures = Failure.objects.count()
>>> async_task(abs, "x", sync=True)
Traceback (most recent call last):
    ...
TypeError: bad operand type for abs(): 'str'
>>> Failure.objects.count() == failures
True

cached stores the result in the cache, and not in the database:

>>> call_command("createcachetable")
>>> cached = async_task(abs, -3, cached=60)
>>> result(cached, wait=30_000, cached=True), result(cached)
(3, None)

cluster and broker choose the queue; no cluster serves the queue "mail" here:

>>> by_name = async_task(abs, -1, cluster="mail")
>>> by_broker = async_task(abs, -1, broker=get_broker("mail"))
>>> [row.task_id() for row in OrmQ.objects.filter(key="mail").order_by("id")] == [
...     by_name, by_broker]
True
>>> done(async_task(abs, -1)).cluster
'shop'

chain, iter_count and iter_cached are set by async_chain and async_iter.
q_options holds options; a keyword of the same name then goes to the function:

>>> task = done(async_task(dict, timeout=9, q_options={"timeout": 20, "group": "q"}))
>>> task.result, task.group
({'timeout': 9}, 'q')
"""

import ast
import inspect

from django_q.tasks import async_task


def double(task):
    async_task(int, task.result * 2, task_name=f"twice {task.id}")


def options():
    """Return the keywords that async_task takes for itself, from its source."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(async_task))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "opt_keys":
            found |= set(ast.literal_eval(node.value))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "keywords.pop":
            found |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    return sorted(filter(None, found))
