"""What the page shows, asked of the cache and the database at each visit."""

import logging
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.timesince import timesince
from django_q.models import Failure, OrmQ, Task
from django_q.status import Stat

logger = logging.getLogger(__name__)


class Table(NamedTuple):
    caption: str
    heads: list[str]
    rows: list[tuple]
    nothing: str  # What to say if there are no rows.


def tables() -> Iterator[Table]:
    yield clusters()

    heads = ["Queue", "Waiting", "Fetched", "Oldest waits for"]
    yield Table("Queues", heads, queues(), "Every queue is empty.")

    heads = ["Function", "Attempts", "Ended", "Error"]
    failures = [
        (task.func, task.attempt_count, task.stopped, error(task))
        for task in Failure.objects.order_by("-stopped")[:10]
    ]
    yield Table("Last failures", heads, failures, "No failure is stored.")

    heads = ["Function", "Results", "Mean", "Longest"]
    caption = "Slowest functions, wait included"
    yield Table(caption, heads, list(slowest()), "No result is stored.")


def clusters() -> Table:
    heads = ["Host", "Process", "State", "Workers", "Tasks in memory", "Runs for"]
    try:
        stats, nothing = Stat.get_all(), "No cluster has a heartbeat."
    except Exception as why:  # Each cache has errors of its own.
        logger.warning("no heartbeat can be read", exc_info=True)
        stats, nothing = [], f"No heartbeat can be read: {type(why).__name__}"
    rows = [
        (s.host, s.pid, s.status, len(s.workers), s.task_q_size, timesince(s.tob))
        for s in stats
    ]
    return Table("Clusters", heads, rows, nothing)


def queues() -> list[tuple]:
    """Return a row for each queue of the ORM broker that has tasks.

    Only its signed package says when a task was enqueued.
    """
    waits = Q(lock__lte=timezone.now())
    rows = OrmQ.objects.values("key").order_by("key").annotate(
        waiting=Count("pk", filter=waits), fetched=Count("pk", filter=~waits),
        first=Min("pk", filter=waits),
    )  # fmt: skip
    # A cluster may have ended the oldest task between these two queries.
    tasks = OrmQ.objects.in_bulk([row["first"] for row in rows])
    starts = {pk: task.task.get("started") for pk, task in tasks.items()}
    oldest = {pk: timesince(start) for pk, start in starts.items() if start}
    return [
        (row["key"], row["waiting"], row["fetched"], oldest.get(row["first"]))
        for row in rows
    ]


def slowest() -> QuerySet:
    """Return the functions whose kept results took longest, the wait included."""
    took = F("stopped") - F("started")
    by_function = Task.objects.values_list("func").annotate(
        runs=Count("pk"), mean=Avg(took), longest=Max(took)
    )
    return by_function.order_by("-longest")[:10]


def error(task: Task) -> str:
    """Return the message that stands before the traceback."""
    return str(task.result).partition(" : Traceback")[0][:200]
