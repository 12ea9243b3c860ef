"""What was measured, and its medians.

>>> from cookbook.evidence.speed.samples import Samples
>>> samples = Samples()
>>> samples.add("slow", 0, {"tasks/s": 10.04, "MB": 30})
>>> samples.add("slow", 1, {"tasks/s": 20})
>>> samples.add("fast", 1, {"tasks/s": 50})
>>> samples.median("slow", "tasks/s")
15.0

A ratio compares what ran in the same round:

>>> samples.ratio("fast", "slow")
2.5
>>> samples.ratio("fast", "nobody"), samples.median("fast", "MB")
(None, None)

A value that is a list has the median of each place:

>>> samples.add("slow", 3, {"busy": [10, 90]})
>>> samples.add("slow", 4, {"busy": [20, 80]})
>>> samples.medians("slow", "busy")
[15, 85]

Or it gives percentiles of all that was measured:

>>> samples.add("slow", 2, {"waits": [0.003, 0.002, 0.001]})
>>> samples.percentiles("slow", "waits")
{'p50 ms': 2.0, 'p95 ms': 2.9, 'p99 ms': 3.0}
>>> samples.percentiles("fast", "waits")
{'p50 ms': None, 'p95 ms': None, 'p99 ms': None}
"""

from collections import defaultdict
from statistics import median, quantiles


class Samples:
    def __init__(self):
        self.rounds = defaultdict(dict)

    def add(self, key, turn, sample):
        self.rounds[key][turn] = sample

    def values(self, key, what):
        """Return `{round: value}` of what was measured."""
        rounds = self.rounds[key].items()
        return {turn: sample[what] for turn, sample in rounds if what in sample}

    def median(self, key, what):
        values = self.values(key, what).values()
        return round(median(values), 1) if values else None

    def medians(self, key, what):
        """Return the median of each place of what is a list."""
        lists = self.values(key, what).values()
        return [round(median(each)) for each in zip(*lists, strict=False)]

    def ratio(self, key, other, what="tasks/s"):
        mine, base = self.values(key, what), self.values(other, what)
        each = [mine[turn] / base[turn] for turn in mine.keys() & base.keys()]
        return round(median(each), 2) if each else None

    def percentiles(self, key, what):
        every = [each for values in self.values(key, what).values() for each in values]
        points = quantiles(every, n=100, method="inclusive") if every else []
        return {
            f"p{point} ms": round(1000 * points[point - 1], 1) if points else None
            for point in (50, 95, 99)
        }
