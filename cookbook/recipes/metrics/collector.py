"""Ask the queue and the clusters at each scrape.

A worker has a task for eight seconds:

>>> from time import sleep
>>> from django.core.management import call_command
>>> from django_q.tasks import async_task
>>> from cookbook.recipes.metrics.collector import DjangoQ
>>> def value(name, **labels):
...     for family in DjangoQ().collect():
...         for sample in family.samples:
...             if sample.name == name and labels.items() <= sample.labels.items():
...                 return sample.value
>>> call_command("createcachetable")
>>> while not value("django_q_clusters"):
...     sleep(0.1)
>>> _ = async_task("time.sleep", 8)
>>> while not value("django_q_workers", state="busy"):
...     sleep(0.1)
>>> value("django_q_workers", state="idle"), value("django_q_locked", queue="shop")
(1, 1)
"""

import math
from collections.abc import Iterator

from django.utils import timezone
from django_q.brokers import Broker, get_broker
from django_q.brokers.orm import ORM
from django_q.signing import SignedPackage
from django_q.status import Stat
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from .finished import finished
from .receivers import busy_key


class DjangoQ(Collector):
    def collect(self) -> Iterator[Metric]:
        broker = get_broker()
        yield from queue(broker)
        yield from clusters(broker)
        yield from finished()


def queue(broker: Broker) -> Iterator[Metric]:
    for name, text, value in (
        ("queue_size", "Tasks that wait in the broker.", broker.queue_size()),
        ("locked", "Tasks fetched and not acknowledged.", broker.lock_size()),
        ("oldest_seconds", "Age of the oldest waiting task.", oldest(broker)),
    ):
        gauge = GaugeMetricFamily(f"django_q_{name}", text, labels=["queue"])
        gauge.add_metric([broker.list_key], math.nan if value is None else value)
        yield gauge


def oldest(broker: Broker) -> float:
    """Return the seconds that the oldest waiting task of the ORM broker has waited.

    Only its signed package says when it was enqueued.
    """
    if not isinstance(broker, ORM):
        return math.nan
    rows = broker.get_connection().filter(key=broker.list_key, lock__lte=timezone.now())
    payload = rows.order_by("pk").values_list("payload", flat=True).first()
    if payload is None:
        return 0
    try:
        enqueued = SignedPackage.loads(payload)["started"]
    except Exception:  # Unpickling imports, and that can raise anything.
        return math.nan  # No cluster can read it either.
    return (timezone.now() - enqueued).total_seconds()


def clusters(broker: Broker) -> Iterator[Metric]:
    stats = Stat.get_all(broker)
    workers = [busy_key(stat.host, pid) for stat in stats for pid in stat.workers]
    busy = len(broker.cache.get_many(workers))
    yield GaugeMetricFamily("django_q_clusters", "Clusters alive.", value=len(stats))
    gauge = GaugeMetricFamily("django_q_workers", "Workers alive.", labels=["state"])
    gauge.add_metric(["busy"], busy)
    gauge.add_metric(["idle"], len(workers) - busy)
    yield gauge
