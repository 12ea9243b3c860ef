"""Stored schedules of every kind: qdoctor says error where the scheduler fails.

Each schedule is due. The scheduler looks at it, and a worker runs what it queues. Where
the scheduler stops, an error is found (E044, E047 or E050), and only there. W052 is
found where the arguments do not fit, E045 where the worker finds no function, and W051
where the monitor finds no hook:

>>> from cookbook.evidence.qdoctor.stored import disagreements
>>> from cookbook.harness.trial import without_cluster
>>> without_cluster(disagreements, 200)
[]

A rule that says nothing is seen, and so is one that says too much:

>>> from cookbook.evidence.qdoctor.stored import see_false_alarm, see_silence
>>> without_cluster(see_silence, 60), without_cluster(see_false_alarm, 60)
(True, True)
"""

import logging
import queue
import sys
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from multiprocessing import Value
from unittest.mock import patch

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule, Task
from django_q.monitor import monitor
from django_q.scheduler import scheduler
from django_q.worker import worker
from hypothesis import strategies

from cookbook.qdoctor.live import look
from cookbook.qdoctor.schedules import SCHEDULES

from .agreement import examples
from .oracle import Strict, push

HERE = __name__
STOPS = {"E044", "E047", "E050"}
pick = strategies.sampled_from
FIELDS = {
    "func": pick([f"{HERE}.take", f"{HERE}.take", f"{HERE}.gone", "no.such", "math.pi",
                  "math"]),
    "args": pick([None, "", "4", "(4,)", "4, 5", "4, name", "'4'", "[", "{[1]: 2}"]),
    "kwargs": pick([None, "", "a=4", "{'a': 4}", "x", "1", "a=b", "{1: 2}", "[4]",
                    "func='a'", "{'q_options': {'group': 'a'}}", "q_options=5",
                    "group='a'", "hook='no.such'", "broker=5", "task_name='a'",
                    "a=1) + f(b=2", "q_options={'cluster': 'mail', 'broker': 5}",
                    "q_options={'hook': 'no.such'}", "day=1", "timeout=60"]),
    "hook": pick([None, "", f"{HERE}.hook", f"{HERE}.gone", "print", "no.such"]),
    "schedule_type": pick(["O", "I", "D", "M", "C", "C", "X"]),
    "cron": pick([None, "", "0 8 * * 1", "61 * * * *", "0 0 31 2 *", "@daily",
                  "0 8 * * 1 0", "a b c d e"]),
    "repeats": pick([-1, -1, 0, 1]),
    "cluster": pick([None, "shop", "reports"]),
    "intended_date_kwarg": pick([None, None, "day", "func", "q_options", "a"]),
    "next_run": pick([5, 5, 5, None]),
}  # fmt: skip
ZONES = pick(["UTC", "UTC", "Asia/Tokyo", "Mars"])
CASES = strategies.tuples(
    strategies.fixed_dictionaries({}, optional=FIELDS), ZONES, pick([True, True, False])
)


def take(a, *, day=None):
    """A task: whatever the values are, it works."""


def hook(task):
    """A hook."""


@contextmanager
def without_croniter():
    """Let croniter be as if it was not installed, in forks of this process too."""
    absent = patch.dict(sys.modules, croniter=None)
    with patch("django_q.models.croniter", None), absent:
        yield


def disagreements(number):
    """Return the schedules of which qdoctor and Django-Q2 say different things."""
    pairs = [(one, *judge(*one)) for one in examples(CASES, number)]
    return [pair for pair in pairs if pair[1] != pair[2]]


def judge(fields, zone, croniter):
    """Return what qdoctor says of a schedule, and what Django-Q2 does with it."""
    for model in (OrmQ, Schedule, Task):
        model.objects.all().delete()
    due = timezone.now() - timedelta(minutes=fields.get("next_run") or 5)
    values = {"func": f"{HERE}.take", "args": "4"} | fields
    values["next_run"] = None if fields.get("next_run", 5) is None else due
    Schedule.objects.bulk_create([Schedule(**values)])
    own = fields.get("cluster") or Conf.PREFIX
    with ExitStack() as stack:
        stack.enter_context(patch.object(Conf, "TIME_ZONE", zone))
        if not croniter:
            stack.enter_context(without_croniter())
        answer = findings()
        with patch.object(Conf, "CLUSTER_NAME", own):
            return answer, run()


def findings():
    """Return in a word what qdoctor says."""
    ids = {one["id"][-4:] for one in look({}, SCHEDULES)}
    if ids & STOPS:
        return "stops"
    words = {"E045": "no function", "W052": "does not fit", "W051": "no hook"}
    return ", ".join(words[one] for one in words if one in ids) or "works"


def run():
    """Return in a word what the scheduler, a worker and the monitor do."""
    broker, tasks, results = get_broker(), queue.Queue(), queue.Queue()
    lines = Lines("django-q")
    try:
        with patch("django_q.scheduler.logger", Strict("django-q")):
            scheduler(broker)
    except Exception:
        return "stops"
    for row in OrmQ.objects.all():  # It may be in the queue of another cluster.
        push(get_broker(row.key), tasks)
    tasks.put("STOP")
    worker(tasks, results, Value("f", -1), None)
    failures = [task["result"] for task in results.queue if not task["success"]]
    words = []
    results.put("STOP")
    with patch("django_q.signals.logger", lines):
        monitor(results, broker)
    for why in failures:
        undefined = "is not defined" in why or "not callable" in why
        words.append("no function" if undefined else "does not fit")
    words += ["no hook"] if lines.records else []
    return ", ".join(words) or "works"


class Lines(logging.Logger):
    """A logger that keeps what it is given."""

    def __init__(self, name):
        super().__init__(name)
        self.records = []

    def handle(self, record):
        self.records.append(record)


def see_silence(number):
    """Return whether it is seen that nobody looks for the next run."""
    rest = [one for one in SCHEDULES if one["id"] != "django_q.E050"]
    with patch(f"{HERE}.SCHEDULES", rest):
        return bool(disagreements(number))


def see_false_alarm(number):
    """Return whether it is seen that schedules which have ended are judged."""
    with patch("cookbook.qdoctor.schedules.active", Schedule.objects.all):
        return bool(disagreements(number))
