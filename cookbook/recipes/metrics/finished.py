"""Turn the counters into Prometheus counters and histograms."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.utils import floatToGoString

from .models import BUCKETS, Finished


def finished() -> Iterator[Metric]:
    """Yield the counter of finished runs, and the histograms of their times."""
    rows = list(Finished.objects.order_by("pk"))
    counter = CounterMetricFamily(
        "django_q_tasks", "Runs that have ended.", labels=["func", "outcome"]
    )
    runs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        runs[row.func, row.outcome] += row.tasks
    for labels, number in runs.items():
        counter.add_metric(labels, number)
    yield counter
    yield histogram("wait", [(r.func, r.wait_limit, r.tasks, r.waited) for r in rows])
    yield histogram("run", [(r.func, r.run_limit, r.tasks, r.runtime) for r in rows])


def histogram(what: str, rows: list[tuple[str, float, int, float]]) -> Metric:
    """Return the histogram of (function, bucket, number of runs, sum of seconds)."""
    buckets: dict[str, Counter[float]] = defaultdict(Counter)
    sums: dict[str, float] = defaultdict(float)
    for func, limit, number, seconds in rows:
        buckets[func][limit] += number
        sums[func] += seconds
    family = HistogramMetricFamily(
        f"django_q_{what}_seconds", f"Seconds of {what} of a task.", labels=["func"]
    )
    for func, counts in buckets.items():
        total, limits = 0, []
        for limit in BUCKETS:
            total += counts[limit]
            limits.append((floatToGoString(limit), total))
        family.add_metric([func], limits, sum_value=sums[func])
    return family
