"""Run tasks one after the other.

>>> from django_q.models import OrmQ
>>> from django_q.tasks import (
...     Chain, async_chain, async_task, count_group, fetch_group, result, result_group,
... )
>>> from time import time
>>> links = [(abs, (-1,)), (round, (2.71,), {"ndigits": 1}), time]
>>> group = async_chain(links)
>>> first, second, third = reversed(result_group(group, count=3, wait=30_000))
>>> first, second
(1, 2.7)

async_chain takes the first link out of the list that it is given:

>>> len(links)
2

A link gets nothing from the one before it, and a failure does not stop the rest:

>>> group = async_chain([(abs, ("x",), {"ack_failure": True}), (dict,)])
>>> [task.success for task in fetch_group(group, count=2, wait=30_000)]
[True, False]
>>> list(result_group(group))
[{}]

The rest goes on when a result is stored; one that is not stored ends the chain:

>>> group = async_chain([(abs, (-1,), {"save": False}), (abs, (-2,))])
>>> result_group(group, count=1, wait=1000)

Chain collects the links first:

>>> chain = Chain()
>>> chain.append(abs, -1), chain.append(abs, -2), chain.length()
(1, 2, 2)
>>> chain.result(), chain.current()
(None, None)
>>> chain.run() == chain.group
True
>>> sorted(chain.result(wait=30_000)), chain.current()
([1, 2], 2)
>>> [task.args for task in chain.fetch()]
[(-2,), (-1,)]

Another link deletes the label of the results that it has:

>>> chain.append(abs, -3), chain.result(), count_group(chain.group)
(3, None, 0)

chain is no option to give to async_task: the monitor dies on it, comes back, and
the result is lost each time the task runs again.

>>> broken = async_task(abs, -1, chain=[(abs, (-2,))])
>>> result(async_task(abs, -3), wait=30_000), result(broken)
(3, None)
>>> broken in [row.task_id() for row in OrmQ.objects.all()]
True
"""
