"""Put the looks together: what is wrong, worst first."""

import socket

from django.conf import settings
from django_q.brokers import get_broker
from django_q.conf import Conf

from .clusters import heartbeats, is_blind, keeper, stalled
from .codes import Code
from .packages import age, oldest_packages, poison

Finding = tuple[Code, str]


def find(
    scope: str | None, wait: float, stalled_after: float, late: float, fetched: int
) -> tuple[dict[str, float], list[Finding]]:
    """Return facts and findings about the clusters, the queue or both.

    Raises what the cache, the database or the broker raises when it does not answer.
    """
    if Conf.CLUSTER_NAME not in queue_names():  # It comes from Q_CLUSTER_NAME.
        return {}, [(Code.USAGE, f"no setting names a queue {Conf.CLUSTER_NAME!r}")]
    broker = keeper()
    if is_blind(broker):
        cache = type(broker.cache).__name__ if broker.cache else "no cache"
        return {}, [(Code.USAGE, f"heartbeats are in {cache}; share one in CACHES")]
    where = "any host" if scope == "queue" else "this host"
    host = None if scope == "queue" else socket.gethostname()
    stats = heartbeats(broker, host, wait)
    facts: dict[str, float] = {"clusters": len(stats)}
    findings: list[Finding] = []
    if not stats:
        reason = f"no heartbeat within {wait:g} s, on {where}"
        findings.append((Code.NO_CLUSTER, reason))
    if scope != "queue":
        for stat in stalled(broker, stats, stalled_after):
            reason = (
                f"the cluster of process {stat.pid} holds {stat.task_q_size} tasks, "
                f"and no result has come for {stalled_after:g} s"
            )
            findings.append((Code.STALLED, reason))
    if scope != "live":
        broker = get_broker()
        packages = oldest_packages(broker)
        oldest = age(packages)
        facts |= {"waiting": broker.queue_size(), "oldest": oldest}
        if oldest > late:
            reason = f"a task was enqueued {oldest:.0f} s ago and waits"
            findings.append((Code.LATE, reason))
        for reason in poison(broker, packages, fetched):
            findings.append((Code.POISONED, reason))
    return facts, findings


def queue_names() -> list[str]:
    """Return the queues that the settings name."""
    keys = settings.Q_CLUSTER
    own = keys.get("cluster_name") or keys.get("name") or Conf.PREFIX
    return [own, *keys.get("ALT_CLUSTERS", {})]
