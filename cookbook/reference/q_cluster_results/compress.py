"""compress: whether a task is compressed before it is put into the queue.

A task has an argument of 10,000 letters. First they are all the same, then random:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_results.compress import queued
>>> queued(compress=False)
{'same letters': 'large', 'random letters': 'large', 'results': [10000, 10000]}
>>> queued(compress=True)
{'same letters': 'small', 'random letters': 'large', 'results': [10000, 10000]}

What was queued with the other value is read too:

>>> queued(compress=False, queued_as=True)
{'same letters': 'small', 'random letters': 'large', 'results': [10000, 10000]}

At the edges, a value is true or false as Python sees it:

>>> queued(compress="False")
{'same letters': 'small', 'random letters': 'large', 'results': [10000, 10000]}

Who reads it, and another broker:

>>> readers("compress")
['signing.py']
>>> queued(compress=True, orm=None, redis="redis://localhost:6379/0")
{'same letters': 'small', 'random letters': 'large', 'results': [10000, 10000]}
"""

import random
import string

from django_q.brokers import get_broker
from django_q.signing import SignedPackage
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe


def send(queued_as):
    """Send the two tasks; return how large they were in the queue, and the results."""
    if queued_as is not None:
        SignedPackage.dumps.__defaults__ = (queued_as,)  # As in another project.
    broker, sizes, enqueue = get_broker(), [], type(get_broker()).enqueue

    def measured(package):
        sizes.append("large" if len(package) > 10_000 else "small")
        return enqueue(broker, package)

    broker.enqueue = measured
    noise = "".join(random.choices(string.ascii_letters, k=10_000))
    tasks = [
        async_task(len, letters, broker=broker) for letters in ("a" * 10_000, noise)
    ]
    return {
        "same letters": sizes[0],
        "random letters": sizes[1],
        "results": [result(task, wait=60_000) for task in tasks],
    }


def queued(queued_as=None, **changes):
    return observe(send, queued_as, **changes)
