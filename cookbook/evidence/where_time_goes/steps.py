"""One task's way: the milliseconds of each step, and the SQL of each process.

The statements of one task, with a `save_limit` of 2 that is full, and a connection to
the database that is closed at once:

>>> from cookbook.evidence.where_time_goes.steps import follow
>>> for process, statements in follow("as it comes", 1, "SQLite", save_limit=2)["sql"]:
...     print(f"{process}: {', '.join(statements) or '-'}")
client: connect, connect, INSERT ormq
pusher: connect, SELECT ormq, connect, UPDATE ormq
worker: -
monitor: connect, SELECT task, SELECT task, DELETE task, SELECT task, INSERT task, ...
"""

import random
import statistics
import time
from contextlib import contextmanager

from django_q.tasks import async_task

from cookbook.evidence.save_limit import fill
from cookbook.harness import trial

from .trace import record

TRACE = f"{__package__}.trace"
TRACED = {
    "name": "shop",
    "orm": "default",
    "broker_class": f"{TRACE}.TracedORM",
    "workers": 1,
    "timeout": 60,
    "retry": 600,
}
REDIS = {
    "orm": None,
    "redis": "redis://localhost:6379/0",
    "broker_class": f"{TRACE}.TracedRedis",
}
# Each case: CONN_MAX_AGE of the database, and what it changes of Q_CLUSTER.
CASES = {
    "as it comes": (0, {}),
    "connection kept": (600, {}),
    "save_limit 0": (600, {"save_limit": 0}),
    "poll 0.02": (600, {"save_limit": 0, "poll": 0.02}),
    "Redis broker": (600, {"save_limit": 0} | REDIS),
    "Redis, save_limit -1": (600, {"save_limit": -1} | REDIS),
}
# Each step: its name, the moment from which, and the moment to which it lasts.
STEPS = {
    "client enqueues": ("called", "enqueued"),
    "broker waits": ("enqueued", "look"),
    "pusher fetches": ("look", "fetched"),
    "pipe to worker": ("fetched", "begun"),
    "worker runs": ("begun", "ended"),
    "monitor saves": ("ended", "saved"),
    "monitor deletes": ("saved", "acknowledged"),
}


PROCESSES = ("client", "pusher", "worker", "monitor")


def nothing():
    """Take no time, so that what is measured is Django-Q2."""


def lines():
    """Return the trace: the moment, the process and the step of each line."""
    split = [line.split(" ", 2) for line in trial.written()]
    return [(float(at), process, step) for at, process, step in split]


def send(tasks, rows):
    """Fill the table, then send tasks to the idle cluster, one after the other."""
    fill(rows)
    for number in range(1, tasks + 2):  # The first one connects and warms up.
        time.sleep(random.uniform(0, 0.3))  # Not in step with the broker's poll.
        record("called")
        async_task(nothing)
        trial.wait_until(
            lambda number=number: (
                [one[2] for one in lines()].count("finished") == number
            ),
            60,
            lambda: f"a task is not done: {trial.written()[-9:]}",
        )
    return lines()


def ways(trace):
    """Return `(moments, SQL)` of each task but the first one."""
    made, looks = [], []
    for at, process, step in trace:
        if step == "called":
            made.append(({}, {name: [] for name in PROCESSES}))
        if not made or process not in PROCESSES:
            continue
        moments, sql = made[-1]
        if process == "pusher":
            looks.append(step)
            if step == "nothing":
                looks.clear()  # It looked at an empty queue.
            elif step == "fetched":
                sql[process] += looks
                looks.clear()
        else:
            sql[process].append(step)
        moments.setdefault(step, at)
    return [(moments, {name: statements(all_) for name, all_ in sql.items()})
            for moments, sql in made[1:]]  # fmt: skip


def statements(steps):
    return [s.removeprefix("SQL ") for s in steps if s.startswith(("SQL", "connect"))]


@contextmanager
def project(settings, database):
    """Give the environment of a project that has only Django's apps and Django-Q2."""
    with trial.workspace(settings, database) as environment:
        yield environment | {"DJANGO_SETTINGS_MODULE": f"{__package__}.plain"}


def follow(case, tasks, database, **changes):
    """Return the median milliseconds of each step, and the SQL of a task."""
    age, keys = CASES[case]
    settings = {
        "Q_CLUSTER": TRACED | keys | changes,
        "DATABASES": {"default": {"CONN_MAX_AGE": age}},
    }
    rows = max(0, settings["Q_CLUSTER"].get("save_limit", 250))
    with project(settings, database) as place, trial.Cluster(place) as cluster:
        made = ways(trial.call(cluster, send, tasks, rows))
    return {
        "ms": {
            step: round(statistics.median(lasts(m, *ends) for m, _ in made) * 1000, 1)
            for step, ends in STEPS.items()
        },
        "sql": list(made[-1][1].items()),
    }


def lasts(moments, begin, end):
    """Return how long a step lasts; one that did not happen takes no time."""
    order = [name for name, _ in STEPS.values()] + ["acknowledged"]
    for name, before in zip(order[1:], order, strict=False):
        # With Redis the pusher looks before the task is there.
        moments[name] = max(moments.get(name, 0), moments[before])
    return moments[end] - moments[begin]
