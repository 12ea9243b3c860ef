"""Run the same work under each profile: tasks a second, latency and memory.

Needs: django-prodserver, redis.

The small size, with three profiles, asserts nothing that depends on the machine's pace:

>>> from cookbook.evidence.profiles import measure
>>> names = ["memory, copied", "memory, ours", "Redis, ours"]
>>> four, one, redis = measure(names, "SQLite", 1, 10, 1, 1)["rows"]
>>> four["processes"], one["processes"], redis["processes"]
(8, 5, 6)
>>> four["MB"] > one["MB"]
True
"""

import statistics

from .keys import PROFILES
from .runs import run


def measure(profiles=tuple(PROFILES), database="PostgreSQL", rounds=4, tasks=150,
            sends=10, leaks=4):  # fmt: skip
    """Run each profile in turn, `rounds` times; the first one is the measure."""
    runs = [{p: run(p, database, tasks, sends, leaks) for p in profiles}
            for _ in range(rounds)]  # fmt: skip

    def middle(profile, key):
        return statistics.median(each[profile][key] for each in runs)

    def ratio(profile, key):
        """Compare within a round, because the machine is not alone."""
        return statistics.median(
            each[profile][key] / each[profiles[0]][key] for each in runs
        )

    rows = [
        {
            "profile": profile,
            "tasks/s": round(middle(profile, "tasks/s")),
            "ratio": round(ratio(profile, "tasks/s"), 1),
            "CPU ms a task": round(middle(profile, "CPU"), 1),
            "ms to start": round(middle(profile, "ms")),
            "processes": round(middle(profile, "processes")),
            "MB": round(middle(profile, "MB")),
            "MB after leaks": round(middle(profile, "MB after leaks")),
        }
        for profile in profiles
    ]
    return {"rows": rows, "rounds": rounds, "tasks": tasks, "sends": sends,
            "leaks": leaks}  # fmt: skip
