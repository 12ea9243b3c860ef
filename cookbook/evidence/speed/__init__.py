"""Measure the speed of Django-Q2 and of its peers: same work, same number of workers.

The small size runs twenty tasks on two of them, fills the queues of two more, and lets
one of several clusters work; a candidate that does not start costs the others nothing:

>>> from cookbook.evidence.speed import SMALL, measure
>>> *_, figures = measure(SMALL)
>>> for row in figures["rows"]:
...     print(row["Queue"], len(row["runs"]), row["twice"], row["processes"])
PostgreSQL, as it comes 1 0 6
Huey 1 0 4
broken 0 0 None
>>> for what, error in figures["errors"].items():
...     print(what, error[:30])
speed broken 0 0 RuntimeError: it has ended: Tr
>>> for part in ("growing", "clusters", "limits"):
...     print(part, [row["runs"] != [] for row in figures[part]])
growing [True]
clusters [True]
limits [True, True, True]

What the page shows is drawn from such figures:

>>> from cookbook.evidence.speed.substitutions import draw
>>> drawn = draw(figures)
>>> print(drawn["targets"].splitlines()[2])
| Our parts on PostgreSQL, to tuned | ≥ 6 | - | not measured |
>>> drawn["fast"].count("<rect")
2

Needs: celery, django-tasks-db, dramatiq, huey, procrastinate[django], psycopg, rq.
"""

import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version

import click

from cookbook.evidence.speed import program
from cookbook.evidence.speed.candidates import (
    CANDIDATES,
    CLUSTERED,
    GROWING,
    IN_BULK,
    STEPS,
)
from cookbook.evidence.speed.limits import LIMITS
from cookbook.evidence.speed.runs import place
from cookbook.evidence.speed.samples import Samples
from cookbook.evidence.which_queue.queues import QUEUES
from cookbook.harness import trial

FULL = {
    "rounds": 5, "minutes": 25, "part": 0.8, "waits": 20, "bulk": 10_000, "most": 1000,
    "base": "PostgreSQL, tuned", "candidates": CANDIDATES, "steps": STEPS,
    "in_bulk": IN_BULK, "growing": GROWING, "clustered": CLUSTERED,
    "clusters": [(1, 4), (2, 2), (4, 1)],  # And the workers in each.
    "limits": list(LIMITS),
}  # fmt: skip
QUICK = FULL | {
    "rounds": 1, "part": 0.2, "waits": 8, "bulk": 2000, "most": 300,
    "growing": {name: [(10**3, 0), (10**5, 0)] for name in GROWING},
    "clusters": [(1, 4), (4, 1)],
}  # fmt: skip
SMALL = QUICK | {
    "minutes": 0, "rounds": 2, "part": 0, "waits": 2, "bulk": 20, "most": 20,
    "base": "PostgreSQL, as it comes", "steps": {},
    "candidates": {
        "PostgreSQL, as it comes": CANDIDATES["PostgreSQL, as it comes"],
        "Huey": CANDIDATES["Huey"],
        "broken": CANDIDATES["Huey"] | {"commands": ["-c 'print(1 / 0)'"]},
    },
    "in_bulk": ["Procrastinate", "RQ"], "growing": {"SQLite, tuned": [(10**3, 0)]},
    "clustered": ["SQLite, tuned"], "clusters": [(1, 1)],
    "limits": ["SKIP LOCKED, one at a time", "Redis, one at a time", "One hop"],
}  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """What is measured in each round: a candidate in one situation."""

    part: str
    name: str
    candidate: dict
    rows: int
    sender: object = program.send_many
    tasks: int = 0
    waits: int = 0
    case: tuple = (0, 0)

    @property
    def key(self):
        return self.part, self.name, *self.case

    @property
    def home(self):
        """Say who shares a project."""
        return self.key[1:]

    def observe(self, place):
        """Fill the queue where too little is left of the last round, and run it."""
        is_full = 0.8 * self.rows <= place.waiting <= self.rows
        few = not is_full or place.front < 3 * self.tasks
        sample = {"enqueued/s": place.fill(self.sender, self.rows)} if few else {}
        return sample | (place.run(self.tasks, self.waits) if self.tasks else {})


def subjects(size):
    parts = {"speed": ("candidates", size["waits"]), "steps": ("steps", 0)}
    for part, (which, waits) in parts.items():
        for name, one in size[which].items():
            tasks = max(round(one["tasks"] * size["part"]), 20)
            yield Subject(part, name, one, tasks, program.send, tasks, waits)
    for name in size["in_bulk"]:
        yield Subject("bulk", name, CANDIDATES[name], size["bulk"])
    for name, cases in size["growing"].items():
        for rows, full in cases:
            one, tasks = CANDIDATES[name] | {"full": full}, min(rows, size["most"])
            case = {"case": (rows, full)}
            yield Subject("growing", name, one, rows, tasks=tasks, **case)
    for name in size["clustered"]:
        for clusters, workers in size["clusters"]:
            one, tasks = several(name, clusters, workers), size["most"]
            case = {"case": (clusters, workers)}
            yield Subject("clusters", name, one, tasks, tasks=tasks, **case)
    for name in size["limits"]:
        yield Limit("limits", name, CANDIDATES["PostgreSQL, tuned"], size["bulk"] // 2)


def several(name, clusters, workers):
    """Return a candidate that starts several clusters, with `workers` in each."""
    one = CANDIDATES[name]
    cluster = one["settings"]["Q_CLUSTER"] | {"workers": workers}
    settings = one["settings"] | {"Q_CLUSTER": cluster}
    return one | {"settings": settings, "commands": one["commands"] * clusters}


@dataclass(frozen=True)
class Limit(Subject):
    """A loop with no queue around it."""

    home = "limits"

    def observe(self, place):
        function, batch = LIMITS[self.name]
        return {"tasks/s": trial.call(place.environment, function, self.rows, batch)}


def measure(size=FULL):
    """Measure everything in turn, round by round; give the figures after each round."""
    plan, samples, errors = list(subjects(size)), Samples(), {}
    begin, turn, end = time.monotonic(), 0, 0
    with (
        ExitStack() as stack,
        click.progressbar(
            length=len(plan) * size["rounds"], file=sys.stderr, show_pos=True,
            item_show_func=lambda subject: subject and " ".join(map(str, subject.key)),
        ) as bar,
    ):  # fmt: skip
        places = {}
        while turn < size["rounds"] and end <= 60 * size["minutes"]:
            for subject in plan:
                try:
                    if (home := subject.home) not in places:
                        places[home] = stack.enter_context(place(subject.candidate))
                    samples.add(subject.key, turn, subject.observe(places[home]))
                except Exception as error:  # One that fails must not cost the others.
                    errors[" ".join(map(str, subject.key))] = (
                        f"{type(error).__name__}: {error}"[:700]
                    )
                bar.update(1, subject)
            turn, spent = turn + 1, time.monotonic() - begin
            end = spent + spent / turn  # Of one more round.
            yield {
                "rounds": turn,
                "minutes": round(spent / 60, 1),
                "base": size["base"],
                "errors": errors,
                **summary(size, plan, samples),
            }


def summary(size, plan, samples):
    """Return the medians of all rounds: rows for a table of each part."""
    base, parts = ("speed", size["base"], 0, 0), defaultdict(list)
    for subject in plan:
        key, name, (one, two) = subject.key, subject.name, subject.case
        row = {"Queue": name, "ratio": samples.ratio(key, base)}
        row["tasks/s"] = samples.median(key, "tasks/s")
        if subject.part == "growing":
            row |= {"waiting": one, "stored": two}
            few = one if two else 1000
            row["ratio"] = samples.ratio(key, (*key[:2], few, 0))
        if subject.part == "clusters":
            row |= {"clusters": one, "workers": two}
            row["ratio"] = samples.ratio(key, (*key[:2], 1, one * two))
        if subject.part == "speed":
            distribution = QUEUES[subject.candidate["queue"]]["distribution"]
            row |= {
                **samples.percentiles(key, "waits"),
                "in a loop/s": samples.median(key, "enqueued/s"),
                "in bulk/s": samples.median(("bulk", *key[1:]), "enqueued/s"),
                "MB": samples.median(key, "MB"),
                "processes": samples.median(key, "processes"),
                "busy": samples.medians(key, "busy"),
                "tasks": subject.tasks,
                "version": version(distribution),
                "settings": subject.candidate["words"],
            }
        row["twice"] = sum(samples.values(key, "twice").values())
        row["runs"] = [round(r) for r in samples.values(key, "tasks/s").values()]
        parts[subject.part].append(row)
    # What was enqueued in bulk stands beside the loops.
    others = {part: parts[part] for part in ("steps", "growing", "clusters", "limits")}
    return {"rows": parts["speed"], **others}
