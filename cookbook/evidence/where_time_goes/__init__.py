"""Where the time of a task goes, and what each setting costs or saves.

Needs: redis.

The small size asserts nothing that depends on the pace of the machine. The statements
of each process are the same in every run:

>>> from cookbook.evidence.where_time_goes import measure
>>> figures = measure(
...     cases=["save_limit 0"], curves=["cached"], polls=["0.2"], tasks=1,
...     part=0.02, rounds=1, seconds=0.1, database="SQLite",
... )
>>> for row in figures["sql"]:
...     print(*row.values(), sep=" | ")
save_limit 0 | 0 + 1 | 0 + 2 | 0 | 0 + 3 | 6
>>> [(row["setting"], row["value"]) for row in figures["rows"]]
[('cached', 'database'), ('cached', 'file cache'), ('cached', 'Redis cache')]
"""

import statistics


def measure(cases=None, curves=None, polls=None, tasks=15, part=1, rounds=3, seconds=4,
            database="PostgreSQL"):  # fmt: skip
    """Follow single tasks, then compare each value of a setting, round by round."""
    # The settings are a module of this package, so it is imported before the apps are.
    from .curves import CURVES, POLLS, idle, packed, payload, speed
    from .steps import CASES, STEPS, follow

    ways = {case: follow(case, tasks, database) for case in cases or CASES}
    points = {
        (name, value): point
        for name in curves or CURVES
        for value, point in CURVES[name].items()
    }
    runs = [
        {
            key: speed(changes, max(2, round(number * part)), database)
            for key, (changes, number, _) in points.items()
        }
        for _ in range(rounds)
    ]
    return {
        "rounds": rounds,
        "sends": tasks,
        "steps": [
            {"Step": step} | {case: way["ms"][step] for case, way in ways.items()}
            for step in STEPS
        ]
        + [total(ways)],
        "sql": [{"Settings": case} | count(way["sql"]) for case, way in ways.items()],
        "rows": [
            compare(name, value, usual, runs)
            for (name, value), (_, _, usual) in points.items()
        ],
        "poll": [
            {"poll": poll} | idle(number, tasks, seconds, database)
            for poll, number in POLLS.items()
            if poll in (polls or POLLS)
        ],
        "sizes": [
            {"KB": size, "in the queue": packed(payload(size), False),
             "compressed": packed(payload(size), True)}
            for size in (1, 100, 1000)
        ],
    }  # fmt: skip


def total(ways):
    """Return the row of the sums."""
    sums = {case: round(sum(way["ms"].values()), 1) for case, way in ways.items()}
    return {"Step": "all"} | sums


def count(sql):
    """Return how many connections and statements each process needs for a task."""
    row, whole = {}, 0
    for process, statements in sql:
        connects = statements.count("connect")
        others = len(statements) - connects
        row[process] = f"{connects} + {others}" if statements else "0"
        whole += others
    return row | {"statements": whole}


def compare(name, value, usual, runs):
    """Return a row: the median speed, and its ratio within each round."""
    return {
        "setting": name,
        "value": value,
        "tasks/s": round(statistics.median(run[name, value] for run in runs)),
        "ratio": round(
            statistics.median(run[name, value] / run[name, usual] for run in runs), 2
        ),
    }
