"""Tables and pictures of the page, drawn from the figures of a run.

A target compares two candidates in each round, and of Celery the better one:

>>> from cookbook.evidence.speed.substitutions import quotient, verdict
>>> rows = [
...     {"Queue": "ours", "runs": [70, 110], "p50 ms": 5.0},
...     {"Queue": "theirs", "runs": [10, 20], "p50 ms": 4.0},
...     {"Queue": "theirs, tuned", "runs": [10, 25], "p50 ms": None},
... ]
>>> quotient(rows, "ours", "runs", ["theirs", "theirs, tuned"])
5.7
>>> quotient(rows, "ours", "p50 ms", ["theirs", "theirs, tuned"])
1.25
>>> verdict(5.7, ">=", 6), verdict(1.0, "<=", 1.1), verdict(None, ">=", 6)
('not met', 'met', 'not measured')
"""

import json
import operator
from pathlib import Path
from statistics import median

from cookbook.site.figures import bars, curves, table

FILE = Path(__file__).parent.with_suffix(".json")
OURS, TUNED, STOCK = (
    f"PostgreSQL, {how}" for how in ("our parts", "tuned", "as it comes")
)
CELERY = ["Celery", "Celery, tuned"]
TARGETS = [
    # What is compared, candidate, figure, with which candidates, figure, bound.
    ("Our parts on PostgreSQL, to tuned", OURS, "runs", [TUNED], None, ">=", 6),
    ("the same, to as it comes", OURS, "runs", [STOCK], None, ">=", 60),
    ("the same, to Celery on Redis", OURS, "runs", CELERY, None, ">=", 3),
    ("the same, to Procrastinate", OURS, "runs", ["Procrastinate"], None, ">=", 6),
    ("Idle p50, to Celery on Redis", OURS, "p50 ms", CELERY, None, "<=", 1.1),
    ("Idle p95, to Celery on Redis", OURS, "p95 ms", CELERY, None, "<=", 2),
    ("Redis, at least once, to tuned", "Redis, our parts", "runs", ["Redis, tuned"],
     None, ">=", 1),
    ("Bulk on PostgreSQL, to a loop as it comes", OURS, "in bulk/s", [STOCK],
     "in a loop/s", ">=", 100),
    ("Bulk on PostgreSQL, to a loop tuned", OURS, "in bulk/s", [TUNED],
     "in a loop/s", ">=", 10),
    ("Bulk on Redis, to a loop as it comes", "Redis, tuned", "in bulk/s",
     ["Redis, as it comes"], "in a loop/s", ">=", 40),
]  # fmt: skip
CASES = [
    ("growing", {"waiting": 10**6, "stored": 0}, "1,000,000 tasks wait, to 1,000"),
    ("growing", {"waiting": 10**5, "stored": 10**6}, "1,000,000 results, to none"),
    (
        "clusters",
        {"clusters": 4, "workers": 1},
        "Four clusters, to one of four workers",
    ),
]
COMPARE = {">=": operator.ge, "<=": operator.le}
SIGNS = {">=": "≥", "<=": "≤"}
LAST = [TUNED, "PostgreSQL, our broker", OURS]
ROLES = ("worker", "other worker", "monitor", "pusher")  # Before: the parents.
RATES = {
    "Ratio": "ratio", "Tasks/s": "tasks/s", "Idle p50": "p50 ms", "p95": "p95 ms",
    "p99": "p99 ms", "Loop/s": "in a loop/s", "Bulk/s": "in bulk/s", "MB": "MB",
    "Processes": "processes",
}  # fmt: skip


def substitutions():
    return draw(json.loads(FILE.read_text()))


def draw(figures):
    """Return what the page names in double braces."""
    rows = [row for row in figures["rows"] if row["ratio"]]
    fast = sorted(rows, key=lambda row: -row["ratio"])
    quick = sorted(rows, key=lambda row: row["p50 ms"])
    growing, curve = [row for row in figures["growing"] if row["ratio"]], {}
    for row in growing:
        point = {} if row["stored"] else {row["waiting"]: row["ratio"]}
        curve[row["Queue"]] = curve.get(row["Queue"], {}) | point
    marks = sorted({mark for values in curve.values() for mark in values})
    return {
        "row": {row["Queue"]: row for row in rows},
        "rates": table([head(row) | pick(row, RATES) for row in rows]),
        "fast": bars(fast, "Queue", "ratio", is_own),
        "quick": bars(quick, "Queue", "p50 ms", is_own),
        "set": table([
            head(row) | {"Version": row["version"], "Tasks": row["tasks"],
                         "Settings": row["settings"] or "none"} for row in rows
        ]),
        "busy": table([
            head(row) | dict(zip(ROLES, row["busy"][2:], strict=False))
            for row in rows if is_own(row)
        ]),
        "steps": table(steps(figures)),
        "step": {row["Setting"]: row["to as it comes"] for row in steps(figures)},
        "curves": curves(curve, "Tasks a second by tasks that wait", marks),
        "grows": table([
            head(row) | {"Wait": row["waiting"], "Stored": row["stored"],
                         "Ratio": row["ratio"], "Tasks/s": tidy(row["tasks/s"])}
            for row in growing
        ]),
        "clusters": table([
            head(row) | {"Clusters": row["clusters"], "Workers in each": row["workers"],
                         "Ratio": row["ratio"], "Tasks/s": tidy(row["tasks/s"]),
                         "Twice": row["twice"]}
            for row in figures["clusters"]
        ]),
        "limits": table([
            {"Limit": row["Queue"], "Ratio": row["ratio"],
             "A second": tidy(row["tasks/s"])}
            for row in figures["limits"]
        ]),
        "targets": table(targets(figures)),
    }  # fmt: skip


def head(row):
    return {"Queue": f"**{row['Queue']}**" if is_own(row) else row["Queue"]}


def pick(row, columns):
    return {head: tidy(row[key]) for head, key in columns.items()}


def tidy(value):
    """Return a number without digits that mean nothing.

    >>> from cookbook.evidence.speed.substitutions import tidy
    >>> [tidy(1234.5), tidy(6.0), tidy(6.2), tidy(None)]
    [1234, 6, 6.2, None]
    """
    is_whole = value is not None and (value >= 100 or value == int(value))
    return round(value) if is_whole else value


def is_own(row):
    """Say whether a row is Django-Q2, which is named after its broker."""
    return row["Queue"].startswith(("SQLite", "PostgreSQL", "Redis"))


def steps(figures):
    """Return the way from as it comes to our parts, with the factor of each step."""
    row = {row["Queue"]: row for row in figures["rows"] + figures["steps"]}
    names = [STOCK, *(row["Queue"] for row in figures["steps"]), *LAST]
    way = [row[name] for name in names if name in row]
    rows = []
    for before, now in zip([way[0], *way], way, strict=False):
        rows.append({
            "Setting": now["Queue"],
            "Tasks/s": tidy(now["tasks/s"]),
            "to the row above": quotient(way, now["Queue"], "runs", [before["Queue"]]),
            "to as it comes": quotient(way, now["Queue"], "runs", [way[0]["Queue"]]),
        })  # fmt: skip
    return rows


def targets(figures):
    """Return a row for each target: its measure, and whether that is enough."""
    rows = [
        (
            what,
            quotient(figures["rows"], name, value, others, other),
            how,
            most,
        )
        for what, name, value, others, other, how, most in TARGETS
    ]
    for part, case, what in CASES:
        ratios = [
            row["ratio"] for row in figures[part]
            if (row["Queue"], *(row[key] for key in case)) == (OURS, *case.values())
        ]  # fmt: skip
        rows.append((what, *(ratios or [None]), ">=", 0.9))
    return [
        {"Target": what, "at": f"{SIGNS[how]} {most}", "Measured": ratio,
         "Met": verdict(ratio, how, most)}
        for what, ratio, how, most in rows
    ]  # fmt: skip


def quotient(rows, name, what, others, other=None):
    """Compare a figure with the best of the others, in each round where there are."""
    values = {row["Queue"]: row.get(what) for row in rows}
    bases = {row["Queue"]: row.get(other or what) for row in rows}
    ratios = []
    for base in filter(None, (bases.get(one) for one in others)):
        mine = values.get(name) or []
        pairs = zip(each(mine), each(base), strict=False)
        ratios += [median(a / b for a, b in pairs)] if mine else []
    best = max if "ms" in what else min
    return round(best(ratios), 2) if ratios else None


def each(value):
    return value if isinstance(value, list) else [value]


def verdict(ratio, how, most):
    if ratio is None:
        return "not measured"
    return "met" if COMPARE[how](ratio, most) else "not met"
