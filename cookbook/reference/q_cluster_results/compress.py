"""compress: whether a task is compressed before it is put into the queue.

Two tasks have an argument of 10,000 letters: first all the same, then random. In the
queue a task is `large` if it has more than 10,000 characters:

>>> from cookbook.reference.q_cluster_results.compress import edges, enqueue
>>> print(edges())
| Value | Size in the queue |
| --- | --- |
| `False` | Same letters: large; random letters: large |
| `True` | Same letters: small; random letters: large |
| `"False"` | Same letters: small; random letters: large |
| `True` on Redis | Same letters: small; random letters: large |

A cluster also reads what was queued with the other value:

>>> enqueue(compress=False, queued_as=True)
{'same letters': 'small', 'random letters': 'large', 'results': [10000, 10000]}
"""

import random
import string

from django_q.brokers import get_broker
from django_q.signing import SignedPackage
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe, table


def send(queued_as):
    """Send the two tasks; return how large they were in the queue, and the results."""
    if queued_as is not None:
        SignedPackage.dumps.__defaults__ = (queued_as,)  # As in another project.
    broker, sizes, enqueue = get_broker(), [], type(get_broker()).enqueue

    def measure(package):
        sizes.append("large" if len(package) > 10_000 else "small")
        return enqueue(broker, package)

    broker.enqueue = measure
    noise = "".join(random.choices(string.ascii_letters, k=10_000))
    tasks = [
        async_task(len, letters, broker=broker) for letters in ("a" * 10_000, noise)
    ]
    return {
        "same letters": sizes[0],
        "random letters": sizes[1],
        "results": [result(task, wait=60_000) for task in tasks],
    }


def enqueue(queued_as=None, **changes):
    return observe(send, queued_as, **changes)


def describe(outcome):
    same, noise = outcome["same letters"], outcome["random letters"]
    return f"Same letters: {same}; random letters: {noise}"


def edges():
    redis = enqueue(compress=True, orm=None, redis="redis://localhost:6379/0")
    rows = {
        "`False`": describe(enqueue(compress=False)),
        "`True`": describe(enqueue(compress=True)),
        '`"False"`': describe(enqueue(compress="False")),
        "`True` on Redis": describe(redis),
    }
    return table(rows, ("Value", "Size in the queue"))
