"""Predict how long tasks wait for a worker, and how many workers are enough.

Five tasks a second, each runs for two seconds:

>>> from cookbook.scaling.how_many_workers.forecast import (
...     Load, enough, forecast, until, verdict,
... )
>>> load = Load(arrivals=5, seconds=2, workers=12)
>>> verdict(load)
'95 of 100 tasks begin within 2.2 s; the workers are busy for 83 % of the time.'

So that 95 of 100 tasks begin within half a second:

>>> enough(load, wait=0.5)
15

With nine workers the queue grows without end:

>>> verdict(Load(arrivals=5, seconds=2, workers=9))
'The queue grows by 0.5 tasks a second, to 1,000 tasks in 33 min: ...

After an hour without workers 18,000 tasks wait. Seconds until they are done:

>>> round(until(load, tasks=18_000))
18000
"""

import math
from dataclasses import dataclass, replace

MOST = 10_000
# The smallest and the largest value, and what a field asks for.
FIELDS: dict[str, tuple[float, float, str]] = {
    "arrivals": (1e-6, 1e6, "tasks a second, above 0 and at most 1,000,000"),
    "seconds": (1e-6, 1e6, "seconds that a task runs, above 0 and at most 1,000,000"),
    "spread": (0, 100, "standard deviation ÷ mean of these seconds, 0 to 100"),
    "part": (0, 1, "the part of its time that a task computes, 0 to 1"),
    "workers": (1, MOST, "a whole number of workers in each cluster, 1 to 10,000"),
    "clusters": (1, MOST, "a whole number of clusters, 1 to 10,000"),
    "cores": (0.01, MOST, "cores for each cluster, 0.01 to 10,000"),
    "megabytes": (0, 1e6, "megabytes of a process, 0 to 1,000,000"),
}


@dataclass(frozen=True)
class Load:
    """What comes in, and who does it; each field is described in FIELDS."""

    arrivals: float
    seconds: float
    spread: float = 1
    part: float = 0
    workers: int = 4
    clusters: int = 1
    cores: float = 4
    megabytes: float = 60

    def __post_init__(self) -> None:
        for name, (least, most, words) in FIELDS.items():
            value = getattr(self, name)
            whole = name not in ("workers", "clusters") or value == value // 1
            if not (least <= value <= most and whole):
                raise ValueError(f"{name}: give {words}")
        if self.workers * self.clusters > MOST:
            raise ValueError("workers: give at most 10,000 in all clusters")


@dataclass(frozen=True)
class Forecast:
    """What to expect in the long run; times are seconds."""

    capacity: float  # tasks a second, at most
    busy: float  # part of the time that a worker has a task, 0 to 1
    wait: float  # until a worker begins a task, mean
    wait_95: float  # 95 of 100 tasks wait no longer
    waiting: float  # tasks in the queue, mean
    run: float  # that a task runs, longer than `seconds` if cores are short
    megabytes: float  # of all clusters, at most
    connections: int  # to the database, at most


def forecast(load: Load) -> Forecast:
    """Compute the queue M/M/c, and correct it for the spread (Allen and Cunneen)."""
    servers, useful = load.workers * load.clusters, at_once(load)
    capacity = useful / load.seconds
    # Like Erlang B: the chance that k tasks are there, if more than k never are.
    full, inside = 1.0, 0.0
    for k in range(1, servers + 1):
        ratio = load.arrivals * load.seconds / min(k, useful)
        full = ratio * full / (1 + ratio * full)
        inside += full * (k - inside)
    share = load.arrivals / capacity
    wait = wait_95 = math.inf
    busy, run = 1.0, servers / capacity
    if share < 1:
        queues = full / (1 - share + share * full)  # Erlang C: all workers are busy.
        wait = queues / (capacity - load.arrivals) * (1 + load.spread**2) / 2
        wait_95 = wait / queues * math.log(queues / 0.05) if queues > 0.05 else 0.0
        tail = full / (1 - share)
        running = (inside - servers * full + servers * tail) / (1 - full + tail)
        busy, run = running / servers, running / load.arrivals
    return Forecast(
        capacity, busy, wait, wait_95, load.arrivals * wait, run,
        # The main process, sentinel, pusher and monitor; the last three connect.
        load.megabytes * (load.workers + 4) * load.clusters,
        (load.workers + 3) * load.clusters,
    )  # fmt: skip


def at_once(load: Load) -> float:
    """Return how many tasks can run at full speed: workers, or what the cores allow."""
    servers, cores = load.workers * load.clusters, load.cores * load.clusters
    return min(servers, cores / load.part) if load.part else servers


def enough(load: Load, wait: float) -> int | None:
    """Return how many workers each cluster needs so that 95 % wait at most `wait`.

    None if no number is enough: the cores are busy, or it would be more than MOST.
    """
    most = MOST // load.clusters
    if load.part:  # More of them would share the same cores.
        most = math.ceil(min(most, load.cores / load.part))
    least = 1
    while least <= most:
        workers = (least + most) // 2
        if forecast(replace(load, workers=workers)).wait_95 <= wait:
            most = workers - 1
        else:
            least = workers + 1
    last = replace(load, workers=min(least, MOST // load.clusters))
    return least if forecast(last).wait_95 <= wait else None


def until(load: Load, tasks: int) -> float:
    """Return the seconds until a backlog is done, or has grown to so many tasks."""
    difference = abs(forecast(load).capacity - load.arrivals)
    return tasks / difference if difference else math.inf


def verdict(load: Load) -> str:
    """Return what to expect in a sentence or two."""
    prediction = forecast(load)
    if prediction.wait < math.inf:
        soon = prediction.wait_95
        return (
            f"95 of 100 tasks begin {f'within {span(soon)}' if soon else 'at once'}; "
            f"the workers are busy for {number(100 * prediction.busy)} % of the time."
        )
    growth = load.arrivals - prediction.capacity
    begin = (
        f"The queue grows by {number(growth)} tasks a second, to 1,000 tasks in "
        f"{span(until(load, 1000))}"
        if growth >= 0.05
        else "The queue grows, slowly and without end"
    )
    needed = load.arrivals * load.seconds / load.clusters
    if needed * load.part >= load.cores:
        cores = number(math.floor(needed * load.part) + 1)
        return f"{begin}: the cores are busy. Each cluster needs {cores} or more."
    workers = number(math.floor(needed) + 1)
    return f"{begin}: each cluster needs {workers} workers or more."


def number(value: float) -> str:
    """Return a number with one decimal below 10, and with commas above."""
    tenths = math.floor(value * 10 + 0.5)
    if tenths < 100 and tenths % 10:
        return f"{tenths // 10}.{tenths % 10}"
    return f"{math.floor(value + 0.5):,}"


def span(seconds: float) -> str:
    """Return seconds in a unit that people read."""
    for unit, size, least in (
        ("days", 86400, 2 * 86400), ("h", 3600, 7200), ("min", 60, 120), ("s", 1, 1),
    ):  # fmt: skip
        if seconds >= least:
            return f"{number(seconds / size)} {unit}"
    return f"{math.floor(seconds * 1000 + 0.5)} ms"
