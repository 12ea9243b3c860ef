"""A task that takes a while, so that a stop can be watched.

>>> from cookbook.backend.worker.tasks import pack_later
>>> from django_q.tasks import result
>>> result(pack_later(7), wait=10_000)
'order 7 is packed'
"""

from time import sleep

from django_q.tasks import async_task


def pack(order, seconds):
    sleep(seconds)
    return f"order {order} is packed"


def pack_later(order, seconds=0):
    return async_task(pack, order, seconds)
