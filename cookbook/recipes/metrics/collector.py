"""Turn counters, queue and heartbeats into Prometheus metrics, at each scrape."""

import math
from collections import Counter, defaultdict

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.signing import BadSignature, SignedPackage
from django_q.status import Stat
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from .counting import busy_key
from .models import BUCKETS, Finished


class DjangoQ(Collector):
    def collect(self):
        broker = get_broker()
        yield from queue(broker)
        yield from clusters(broker)
        yield from finished()


def oldest(broker):
    """Return for how many seconds the oldest waiting task of the ORM broker waits.

    The time of its enqueueing is in its package.
    """
    if not isinstance(broker, ORM):
        return math.nan
    rows = broker.get_connection().filter(key=broker.list_key, lock__lte=timezone.now())
    payload = rows.order_by("pk").values_list("payload", flat=True).first()
    if not payload:
        return 0
    try:
        enqueued = SignedPackage.loads(payload)["started"]
    except (BadSignature, TypeError, ImportError, AttributeError):
        return math.nan  # No cluster can read it either.
    return (timezone.now() - enqueued).total_seconds()


def queue(broker):
    for name, text, value in (
        ("queue_size", "Tasks that wait in the broker.", broker.queue_size()),
        ("locked", "Tasks that are taken and not acknowledged.", broker.lock_size()),
        ("oldest_seconds", "Age of the oldest waiting task.", oldest(broker)),
    ):
        gauge = GaugeMetricFamily(f"django_q_{name}", text, labels=["queue"])
        gauge.add_metric([broker.list_key], math.nan if value is None else value)
        yield gauge


def clusters(broker):
    stats = Stat.get_all(broker)
    workers = [busy_key(stat.host, pid) for stat in stats for pid in stat.workers]
    busy = len(broker.cache.get_many(workers))
    yield GaugeMetricFamily("django_q_clusters", "Clusters alive.", value=len(stats))
    gauge = GaugeMetricFamily("django_q_workers", "Workers alive.", labels=["state"])
    gauge.add_metric(["busy"], busy)
    gauge.add_metric(["idle"], len(workers) - busy)
    yield gauge


def finished():
    """Yield the counter of finished tasks, and the histograms of their times."""
    tasks, sums = Counter(), Counter()
    buckets = defaultdict(Counter)
    for row in Finished.objects.all():
        tasks[row.func, row.outcome] += row.tasks
        for kind in "wait", "run":
            buckets[kind, row.func][getattr(row, f"{kind}_limit")] += row.tasks
        sums["wait", row.func] += row.waited
        sums["run", row.func] += row.ran
    counter = CounterMetricFamily(
        "django_q_tasks", "Runs that have ended.", labels=["func", "outcome"]
    )
    for labels, number in tasks.items():
        counter.add_metric(labels, number)
    yield counter
    for kind in "wait", "run":
        histogram = HistogramMetricFamily(
            f"django_q_{kind}_seconds", f"Seconds of {kind} of a task.", labels=["func"]
        )
        for func in sorted({func for func, _ in tasks}):
            total, limits = 0, []
            for limit in BUCKETS:
                total += buckets[kind, func][limit]
                limits.append((str(limit).replace("inf", "+Inf"), total))
            histogram.add_metric([func], limits, sum_value=sums[kind, func])
        yield histogram
