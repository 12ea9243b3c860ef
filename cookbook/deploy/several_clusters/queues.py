"""Refuse a queue that is not in the settings; find and move tasks that wait.

A misspelt name is an error where the task is sent:

>>> from django_q.tasks import async_task
>>> async_task("math.sqrt", 4, cluster="hihg")
Traceback (most recent call last):
    ...
LookupError: no cluster serves 'hihg', only shop, high, short, long

With the ORM broker you can count the tasks of each queue, and move them to another.
No cluster serves `high` here:

>>> from cookbook.deploy.several_clusters.queues import move, waiting
>>> from django_q.tasks import result
>>> task = async_task("math.sqrt", 4, cluster="high")
>>> waiting()
{'high': 1}
>>> move("high", "shop")
1
>>> result(task, wait=60_000)
2.0
"""

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ


def queue_names() -> list[str]:
    """Return the queues that the settings name, the default one first."""
    keys = settings.Q_CLUSTER
    own = keys.get("cluster_name") or keys.get("name", "default")
    return [own, *keys.get("ALT_CLUSTERS", {})]


def refuse_unknown(task: dict[str, object], **_: object) -> None:
    """Receive `pre_enqueue`. Raises LookupError for a queue that has no settings."""
    names, queue = queue_names(), task.get("cluster")
    if queue and queue not in names:
        raise LookupError(f"no cluster serves {queue!r}, only {', '.join(names)}")


def waiting() -> dict[str, int]:
    """Return how many tasks of each queue no cluster has fetched; ORM broker only."""
    rows = OrmQ.objects.using(Conf.ORM).filter(lock__lte=timezone.now())
    return dict(rows.order_by("key").values_list("key").annotate(Count("id")))


def move(old: str, new: str) -> int:
    """Move every task of a queue to another one; return their number."""
    return OrmQ.objects.using(Conf.ORM).filter(key=old).update(key=new)
