"""Cancel a task: remove it from the queue, or mark it, so that it stops.

Here no cluster serves the queue `night`, so its task waits, and is removed:

>>> from django_q.tasks import async_task
>>> from cookbook.recipes.cancel_tasks.cancel import cancel
>>> from cookbook.recipes.cancel_tasks.tasks import export
>>> waiting = async_task(export, 60, cluster="night")
>>> cancel(waiting, cluster="night")
'removed'

A task that a cluster has fetched is marked. It stops before its next page:

>>> from time import sleep
>>> from django_q.brokers import get_broker
>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.cancel_tasks.cancel import cancel
>>> from cookbook.recipes.cancel_tasks.tasks import export
>>> running = async_task(export, 60)
>>> while get_broker().queue_size():
...     sleep(0.1)
>>> cancel(running)
'marked'
>>> result(running, wait=30_000)
'cancelled'

A task that has ended cannot be cancelled:

>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.cancel_tasks.cancel import cancel
>>> from cookbook.recipes.cancel_tasks.tasks import export
>>> short = async_task(export, 1)
>>> result(short, wait=30_000)
'export of 1 pages'
>>> cancel(short)
'too late'
"""

from typing import Literal

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

from .models import Decision


def cancel(
    task_id: str, cluster: str | None = None
) -> Literal["removed", "marked", "too late"]:
    """Cancel a task and return what was done. Call it outside a transaction.

    On Redis `cluster` names the queue, as in `async_task`.

    removed: it waited in the queue, and is no longer there.
    marked: it was fetched, runs, or waits for its next attempt. It stops at its next
        `check()`, or before it starts. A function that is not `cancellable` goes on.
    too late: it has called `finalize()`.
    """
    # The mark comes first: a task that is fetched in between finds it.
    decision, _ = Decision.objects.get_or_create(
        pk=task_id, defaults={"cancelled": True}
    )
    if not decision.cancelled:
        return "too late"
    return "removed" if remove(task_id, cluster) else "marked"


def remove(task_id: str, cluster: str | None = None) -> bool:
    """Remove a task that no cluster has fetched. Return whether it was there."""
    broker = get_broker(cluster)
    if isinstance(broker, ORM):
        waiting = OrmQ.objects.using(Conf.ORM).filter(lock__lte=timezone.now())
        for row in waiting.iterator():
            if row.task_id() == task_id:
                # A cluster that fetches it now changes its lock.
                mine = waiting.filter(pk=row.pk, lock=row.lock)
                return bool(mine.delete()[0])
    elif hasattr(type(broker.connection), "lrange"):  # A Redis.
        for package in broker.connection.lrange(broker.list_key, 0, -1):
            if OrmQ(payload=package).task_id() == task_id:
                # A cluster that fetches it now has taken it from the list.
                return bool(broker.connection.lrem(broker.list_key, 1, package))
    return False
