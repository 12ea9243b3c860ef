"""Ask for what is not there, and give what nobody expects.

>>> from cookbook.evidence.recipes_under_faults.strange import strange
>>> print(strange())
| Part | No such name | NUL, 💡, `1e400` | No JSON | Clock 30 s off |
| --- | --- | --- | --- | --- |
| audit-trail: receivers | | kept | | |
| audit-trail: views | 200 | 200 | | |
| auto-scaling: process | refused | refused | | |
| deploy-without-downtime: command | refused | | | |
| failed-tasks: views | 200 | 200 | | |
| health-dashboard: views | 200 | | | 200 |
| keep-results: command | refused | refused | | |
| long-workflow: views | 400, 404 | 400; 202 | ended | running |
| metrics: receivers | | goes on | | counts 2 |
| metrics: views | 200 | 200 | | 200 |
| move-queue: command | refused | refused | | |
| named-worker: process | refused | refused | | |
| qdrain: command | refused | refused | | not drained |
| qhealth: command | refused; `NO_CLUSTER, POISONED` | refused | | `NO_CLUSTER` |
| qreport: command | exit 0 | | | |
| roll-secret-key: command | refused | refused | | |
| schedules-as-code: command | refused | refused | | |
| several-clusters: receivers | refused | refused | | |
| sqlite-in-production: command | refused | kept, or refused | | |
| without-daemons: command | refused | refused | | |
"""

import sys
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from unittest.mock import patch
from uuid import uuid4

from django.core.management import CommandError
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import Schedule, Task
from django_q.tasks import async_task

from cookbook.backend.named_worker.workers import NamedWorker
from cookbook.deploy.deploy_without_downtime.schedules import SCHEDULES
from cookbook.recipes.audit_trail.models import Entry
from cookbook.recipes.long_workflow.models import WorkflowRun
from cookbook.recipes.long_workflow.tasks import execute_workflow
from cookbook.recipes.long_workflow.workflows import WORKFLOWS
from cookbook.recipes.metrics.models import Finished
from cookbook.recipes.metrics.receivers import begin, count
from cookbook.recipes.schedules_as_code import registry
from cookbook.recipes.schedules_as_code.registry import register
from cookbook.scaling.auto_scaling import supervisor

from .trials import (
    AUDIT,
    DASHBOARD,
    FAILURES,
    METRICS,
    SERVERS,
    ask,
    backup,
    boss,
    browser,
    clock,
    drained,
    ends,
    findings,
    get,
    matrix,
    post,
    project_on,
    refused,
    statuses,
)


def strange():
    faults = "No such name", "NUL, 💡, `1e400`", "No JSON", "Clock 30 s off"
    runs = []
    for server in SERVERS:
        with project_on(server) as project:
            matches = ask(project, __name__, "NAMES", "INPUTS", "OUTPUTS", "CLOCKS")
        runs.append((server, dict(zip(faults, matches.values(), strict=True))))
    return matrix(runs)


# Names.


def misspelt(*arguments):
    """Run a command in a process whose Q_CLUSTER_NAME no setting names."""
    with patch.object(Conf, "CLUSTER_NAME", "shpo"):
        return refused(arguments)


def refuse_queues(*queues):
    before, refusals = get_broker().queue_size(), []
    for queue in queues:
        try:
            async_task("math.sqrt", 4, cluster=queue)
        except LookupError as error:
            refusals.append(error)
    same = get_broker().queue_size() == before
    return "refused" if same and len(refusals) == len(queues) else "passed"


def refuse_workers(*names):
    refusals = []
    for name in names:
        worker = NamedWorker(ARGS={"name": name})
        try:
            worker.start_server(*worker.prep_server_args())
        except CommandError as error:
            refusals.append(error)
    return "refused" if len(refusals) == len(names) else "passed"


def refuse_options(*lines):
    refusals = []
    for line in lines:
        with patch.object(sys, "argv", ["supervisor", *line]):
            try:
                supervisor.main()
            except (SystemExit, FileNotFoundError) as error:
                refusals.append(error)
    return "refused" if len(refusals) == len(lines) else "passed"


def refuse_schedule():
    wrong = {"send": {"func": "shop.no_such", "schedule_type": Schedule.DAILY}}
    with patch.dict(SCHEDULES, wrong):
        reply = refused(["set_up_schedules"])
    return "half done" if Schedule.objects.exists() else reply


def define(func, cron, _):
    register(func, cron=cron)


def refuse_jobs(*jobs):
    """Run the command with each of these definitions; none may be stored."""
    replies = set()
    for func, cron in jobs:
        with (
            patch.object(registry, "autodiscover_modules") as load,
            patch.dict(registry.REGISTRY, clear=True),
        ):
            load.side_effect = partial(define, func, cron)
            replies.add(refused(["sync_schedules"]))
    return "half done" if Schedule.objects.exists() else ", ".join(replies)


class Gone:
    """What a task was given, or has returned."""


def send():
    """A task."""


@contextmanager
def what_is_gone():
    """Leave in the queue and in the results what nobody can unpickle any more."""
    now = timezone.now()
    facts = {"started": now, "stopped": now, "success": False, "func": "mails.send"}
    sys.modules["mails"] = sys.modules[__name__]
    send.__module__ = Gone.__module__ = "mails"
    async_task(send)
    for name, values in {
        "arguments": {"args": (Gone(),), "result": "x"},
        "a result": {"result": Gone()},
        "a text": {"result": "💡 <b> : Traceback"},
    }.items():
        Task.objects.create(id=uuid4().hex, name=name, **facts, **values)
    send.__module__ = Gone.__module__ = __name__
    del sys.modules["mails"]
    get_broker().enqueue("no package")
    yield
    get_broker().purge_queue()
    Task.objects.all().delete()


def get_what_is_gone(name):
    with what_is_gone():
        return get(name)


def find_what_is_gone():
    with what_is_gone():
        return findings()


def report_what_is_gone():
    with what_is_gone():
        return ends(["qreport"])


def get_unknown_runs():
    mine, run = browser(), uuid4()
    names = ("long_workflow:page", "long_workflow:status")
    pages = [mine.get(reverse(name, args=[run])) for name in names]
    return statuses([post("no-such"), *pages])


NAMES = {
    "audit-trail: views": lambda: get(AUDIT, "?event__exact=no&unended=no"),
    "auto-scaling: process": lambda: refuse_options(["no-such-program"]),
    "deploy-without-downtime: command": refuse_schedule,
    "failed-tasks: views": lambda: get_what_is_gone(FAILURES),
    "health-dashboard: views": lambda: get_what_is_gone(DASHBOARD),
    "keep-results: command": lambda: refused(
        ["resubmit_failures", "--func=no.such"], ["resubmit_failures", "--group=shpo"]
    ),
    "long-workflow: views": get_unknown_runs,
    "metrics: views": lambda: get_what_is_gone(METRICS),
    "move-queue: command": lambda: refused(
        ["move_queue", "--to=tasks", "--queue=shpo"], ["move_queue", "--from=no-such"]
    ),
    "named-worker: process": lambda: refuse_workers("shpo"),
    "qdrain: command": lambda: refused(
        ["qdrain", "--queue=shpo"], ["qdrain", "--queue=shop", "--queue=shpo"]
    ),
    "qhealth: command": lambda: (
        f"{misspelt('qhealth', 'queue')}; {find_what_is_gone()}"
    ),
    "qreport: command": report_what_is_gone,
    "roll-secret-key: command": lambda: refused(
        ["resign_queue", "shpo"], ["resign_queue", "shop", "shpo"]
    ),
    "schedules-as-code: command": lambda: refuse_jobs((lambda: None, "0 4 * * *")),
    "several-clusters: receivers": lambda: refuse_queues("shpo"),
    "sqlite-in-production: command": lambda: refused(
        ["backup_sqlite", "/no/such/file"], ["backup_sqlite", "x", "--database=shop"]
    ),
    "without-daemons: command": lambda: misspelt("drain_queue", "--seconds=1"),
}


# Inputs. None of these times is ever over, or none is a number.
TIMES = ("nan", "1e400", "-inf", "soon", "\0", "💡")
WORDS = ("sh\0op", "💡")
UNSTORABLE = (
    '{"pages": 1e400}', '{"pages": NaN}', '{"a": "\\u0000"}', '{"a": "\0"}',
    '{"a": "\\ud800"}', "[1]", '"abc"', "{", "[" * 5000 + "]" * 5000,
    '{"a": ' + "9" * 5000 + "}",
)  # fmt: skip
STORABLE = ('{"a": "💡"}', '{"a": "\\\\u0000"}', '{"a": 1e308}', '{"a": -1e-400}', "")


def refuse_words(*before):
    return refused(*([*before, word] for word in WORDS))


def refuse_times(name, *options):
    return refused(*([name, f"{option}={t}"] for option in options for t in TIMES))


def start_workflows():
    bad = [*(post(inputs=text) for text in UNSTORABLE), *map(post, WORDS)]
    return f"{statuses(bad)}; {statuses(post(inputs=text) for text in STORABLE)}"


def count_words():
    """Count runs of functions that cannot be; the monitor goes on."""
    now = timezone.now()
    for func in (*WORDS, None):
        count({"func": func, "success": True, "started": now, "stopped": now})
    return "goes on"


def keep_words():
    """Enqueue what no database stores as an argument; each task has its entry."""
    ids = [async_task(print, word, data=[word]) for word in (*WORDS, *VALUES[:4])]
    entries = Entry.objects.filter(task_id__in=ids).count()
    get_broker().purge_queue()
    return "kept" if entries == len(ids) else "lost"


INPUTS = {
    "audit-trail: receivers": keep_words,
    "audit-trail: views": lambda: get(AUDIT, "?q=%00&p=1e400&o=1e400&unended=%00"),
    "auto-scaling: process": lambda: refuse_options(
        *([f"--hold={time}", "true"] for time in TIMES)
    ),
    "failed-tasks: views": lambda: get(FAILURES, "?q=%00&p=1e400&o=1e400"),
    "keep-results: command": lambda: refused(
        *(["delete_results", f"--seconds={time}"] for time in TIMES),
        *(["resubmit_failures", f"--hours={time}"] for time in TIMES),
    ),
    "long-workflow: views": start_workflows,
    "metrics: receivers": count_words,
    "metrics: views": lambda: get(METRICS, "?name[]=%00&x=1e400"),
    "move-queue: command": lambda: refuse_words("move_queue", "--from"),
    "named-worker: process": lambda: refuse_workers(*WORDS),
    "qdrain: command": lambda: refuse_times("qdrain", "--seconds", "--queue"),
    "qhealth: command": lambda: refuse_times(
        "qhealth", "--wait", "--late", "--stalled", "--fetched"
    ),
    "roll-secret-key: command": lambda: refuse_words("resign_queue"),
    "schedules-as-code: command": lambda: refuse_jobs(
        *((boss, cron) for cron in (*TIMES, *WORDS))
    ),
    "several-clusters: receivers": lambda: refuse_queues(*WORDS),
    "sqlite-in-production: command": lambda: backup("💡 %s ;.db"),
    "without-daemons: command": lambda: refuse_times(
        "drain_queue", "--seconds", "--at-least"
    ),
}


# Outputs.


def run_of(workflow, **facts):
    return WorkflowRun.objects.create(user=boss(), workflow=workflow, **facts)


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


VALUES = (datetime.now(), float("nan"), "\0", "\ud800", {1, 2}, deep(5000), Gone)


def keep_outputs():
    """Run workflows that return or raise what a database cannot store."""

    async def give(inputs, progress):
        return {"it": value}

    async def fail(inputs, progress):
        raise ValueError("\0 💡 \ud800")

    states = set()
    for value in (*VALUES, None):
        run = run_of("it")
        workflow = fail if value is None else give
        with patch.dict(WORKFLOWS, it=workflow), suppress(Exception):
            execute_workflow(run.pk)
        run.refresh_from_db()
        states.add(run.status if run.error or run.outputs else "lost")
    return "ended" if states <= {"completed", "failed"} else states


OUTPUTS = {"long-workflow: views": keep_outputs}


# Clocks.


def look(question):
    """Ask with a fast and a slow clock, beside a task of a host with another one."""
    answers = set()
    for theirs in (-30, 30):
        with clock(theirs):
            async_task("math.sqrt", 4)
        for mine in (-30, 0, 30):
            with clock(mine):
                answers.add(question())
        get_broker().purge_queue()
    return ", ".join(sorted(answers))


def watch(seconds):
    """Ask for a run that another host has just started."""
    run = run_of("report", status="running", started=timezone.now(), timeout=60)
    with clock(seconds):
        answer = browser().get(reverse("long_workflow:status", args=[run.pk]))
    return answer.json()["status"]


def count_late():
    """Count a run whose host is ahead of the one that enqueued it, or behind."""
    Finished.objects.all().delete()
    for seconds in (-30, 30):
        with clock(seconds):
            task = {"func": "math.sqrt", "success": True, "started": timezone.now()}
        begin(task)
        count(task | {"stopped": timezone.now()})
    rows = Finished.objects.all()
    fell = any(row.waited < 0 or row.runtime < 0 for row in rows)
    return "falls" if fell else f"counts {sum(row.tasks for row in rows)}"


CLOCKS = {
    "health-dashboard: views": lambda: look(lambda: get(DASHBOARD)),
    "long-workflow: views": lambda: ", ".join({watch(s) for s in (-30, 0, 30)}),
    "metrics: receivers": count_late,
    "metrics: views": lambda: look(lambda: get(METRICS)),
    "qdrain: command": lambda: look(lambda: drained("--seconds=0")),
    "qhealth: command": lambda: look(findings),
}
