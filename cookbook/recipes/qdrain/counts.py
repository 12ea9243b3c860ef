"""Count the tasks of some queues that are not done."""

from django.conf import settings
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.status import Stat

from .busy import running


def queue_names() -> list[str]:
    """Return the queues that the settings name."""
    keys = settings.Q_CLUSTER
    own = keys.get("cluster_name") or keys.get("name") or Conf.PREFIX
    return [own, *keys.get("ALT_CLUSTERS", {})]


def count(queues: list[str]) -> dict[str, int]:
    """Return the waiting tasks of each queue, and the fetched and running ones of all.

    With the ORM broker a fetched task is a locked row, until it is acknowledged; a task
    that runs is one of them. Redis keeps no locks: there `fetched` is what clusters
    report of their memory, and `running` is the number of busy workers.
    Raises what the broker raises when its server does not answer.
    """
    counts, fetched, locks = {}, 0, True
    for queue in queues:
        broker = get_broker(queue)
        # Locked before waiting: a task whose lock ends in between is counted twice,
        # and not overlooked.
        locked = broker.lock_size()
        counts[queue] = broker.queue_size()
        locks = locks and locked is not None
        fetched += locked or 0
    if locks:
        return counts | {"fetched": fetched}
    stats = Stat.get_all()
    fetched += sum(stat.task_q_size + stat.done_q_size for stat in stats)
    busy = sum(queue in queues for queue in running(stats))
    return counts | {"fetched": fetched, "running": busy}
