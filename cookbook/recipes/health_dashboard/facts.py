"""What the page shows, asked of the cache and the database at each visit."""

from django.db.models import Avg, Count, F, Max, Min, Q
from django.utils import timezone
from django.utils.timesince import timesince
from django_q.models import Failure, OrmQ, Task
from django_q.status import Stat


def queues():
    """Return a row for each queue of the ORM broker that has packages.

    `since` is when its oldest waiting task was enqueued; the package tells it.
    """
    waits = Q(lock__lte=timezone.now())
    rows = OrmQ.objects.values("key").order_by("key").annotate(
        waiting=Count("pk", filter=waits), taken=Count("pk", filter=~waits),
        first=Min("pk", filter=waits),
    )  # fmt: skip
    first = OrmQ.objects.in_bulk([row["first"] for row in rows])
    return [
        row | {"since": row["first"] and first[row["first"]].task.get("started")}
        for row in rows
    ]


def slowest():
    """Return the functions whose kept results took longest, the wait included."""
    took = F("stopped") - F("started")
    by_function = Task.objects.values("func").annotate(
        runs=Count("pk"), mean=Avg(took), longest=Max(took)
    )
    return by_function.order_by("-longest")[:10]


def error(task):
    """Return the message that stands before the traceback."""
    return str(task.result).partition(" : Traceback")[0][:200]


def tables():
    """Yield (caption, heads, rows, what to say if there is none)."""
    heads = ["Host", "Process", "State", "Workers", "Tasks held", "Runs for"]
    clusters = [
        (s.host, s.pid, s.status, len(s.workers), s.task_q_size, timesince(s.tob))
        for s in Stat.get_all()
    ]
    yield "Clusters", heads, clusters, "No cluster has a heartbeat."

    heads = ["Queue", "Waiting", "Taken", "Oldest waits for"]
    waiting = [
        (q["key"], q["waiting"], q["taken"], q["since"] and timesince(q["since"]))
        for q in queues()
    ]
    yield "Queues", heads, waiting, "Every queue is empty."

    heads = ["Function", "Attempts", "Ended", "Error"]
    failures = [
        (task.func, task.attempt_count, task.stopped, error(task))
        for task in Failure.objects.order_by("-stopped")[:10]
    ]
    yield "Last failures", heads, failures, "No failure is stored."

    heads = ["Function", "Results", "Mean", "Longest"]
    slow = [
        (row["func"], row["runs"], row["mean"], row["longest"]) for row in slowest()
    ]
    yield "Slowest functions, wait included", heads, slow, "No result is stored."
