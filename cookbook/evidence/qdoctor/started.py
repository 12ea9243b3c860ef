"""What a real `qcluster` does with the value of each rule that is an error.

Each value is alone wrong: beside it a cluster runs a task and looks at a schedule.

>>> from cookbook.evidence.qdoctor.started import start_each
>>> print(start_each())
| Rule and value | What qcluster did |
| --- | --- |
| `E001` `['orm']` | `AttributeError: 'list' object has no attribute 'get'` |
| `E003` `workers`: `'four'` | `ValueError: invalid literal for int() with ...` |
| `E004` `log_level`: `'LOUD'` | `AttributeError: module 'logging' has no ...` |
| `E007` `redis`: `{'hosts': 'queue'}` | `TypeError: Redis.__init__() got an ...` |
| `E008` `orm`: `'queue'` | `ConnectionDoesNotExist: The connection 'queue' ...` |
| `E009` `Q_CLUSTER_NAME=mail` | `KeyError: 'ALT_CLUSTERS'` |
| `E036` `django_redis`: no such cache | `InvalidCacheBackendError: ...` |
| `E038` `broker_class`: `'shop.Queue'` | `ModuleNotFoundError: No module ...` |
| None of them | Runs the task and the schedule |
"""

import re
from contextlib import nullcontext

from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from cookbook.harness.trial import (
    beside,
    call,
    logged,
    own_log,
    table,
    wait_until,
    workspace,
    write,
    written,
)
from cookbook.qdoctor.live import look
from cookbook.qdoctor.project import diagnose, surroundings

from .stored import without_croniter

ORM = {"name": "shop", "orm": "default", "workers": 1, "timeout": 9, "retry": 60}
FAST = ORM | {"guard_cycle": 30}
OTHER = {"name": "shop", "workers": 1, "timeout": 9}
LOCMEM = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# For each rule the value as the table has it, and the settings with it.
WRONG = {
    "E001": ("`['orm']`", {"Q_CLUSTER": ["orm"]}),
    "E003": ("`workers`: `'four'`", {"Q_CLUSTER": ORM | {"workers": "four"}}),
    "E004": ("`log_level`: `'LOUD'`", {"Q_CLUSTER": ORM | {"log_level": "LOUD"}}),
    "E007": ("`redis`: `{'hosts': 'queue'}`",
             {"Q_CLUSTER": OTHER | {"redis": {"hosts": "queue"}}}),
    "E008": ("`orm`: `'queue'`", {"Q_CLUSTER": ORM | {"orm": "queue"}}),
    "E009": ("`Q_CLUSTER_NAME=mail`", {"Q_CLUSTER": ORM, "Q_CLUSTER_NAME": "mail"}),
    "E036": ("`django_redis`: no such cache",
             {"Q_CLUSTER": OTHER | {"django_redis": "queue"}, "CACHES": LOCMEM}),
    "E038": ("`broker_class`: `'shop.Queue'`",
             {"Q_CLUSTER": ORM | {"broker_class": "shop.Queue"}}),
}  # fmt: skip
# And for each that looks at what runs, the fields of a second schedule.
BESIDE = {
    "E040": ("Redis does not answer", None),
    "E044": ("`args`: `4, (`", {"args": "4, ("}),
    "E045": ("`func`: `no.such`", {"func": "no.such"}),
    "E047": ("Cron, without croniter", {}),
    "E050": ("`cron`: `61 * * * *`", {"cron": "61 * * * *"}),
}
NOBODY = "redis://127.0.0.1:1"  # No server listens there.
ENDS = {2: "Runs the task and the schedule", 3: "Runs the task and two schedules"}


def work(number=2):
    """Send a task, plan another, start a cluster and wait for them or an error."""
    async_task("math.sqrt", 4)
    due = {"next_run": timezone.now(), "schedule_type": "D"}
    Schedule.objects.create(func="math.sqrt", args="9", **due)
    beside(wait_until, lambda: finished(own_log(), number), 60, own_log)


def finished(log, number=2):
    """Return what a log says at its end: an error, or that the tasks were done."""
    errors = re.findall(r"^(?:[\w.]+\.)?(\w*(?:Error|Exist)): (.+)$", log, re.M)
    errors = [error for error in errors if error[0] != "RuntimeError"]
    if errors:
        return f"`{errors[-1][0]}: {errors[-1][1][:70]}`"
    return ENDS[number] if log.count("Processed 'math.sqrt'") == number else ""


def start(configuration):
    """Return how a real cluster with these settings ends."""
    keys = {
        key: value for key, value in configuration.items() if key != "Q_CLUSTER_NAME"
    }
    with workspace({"Q_CLUSTER": FAST}) as project:
        settings = {"RECIPE_SETTINGS": repr(keys)}
        named = {"Q_CLUSTER_NAME": configuration.get("Q_CLUSTER_NAME", "")}
        log = logged(project | settings | named, work)
        return finished(log)


def start_each():
    """Return for each error its value, what qcluster did with it and without it."""
    rows = {}
    for rule, (value, configuration) in WRONG.items():
        findings = diagnose(
            configuration | surroundings(configuration) | {"DATABASES": {"default": {}}}
        )
        assert f"django_q.{rule}" in [one["id"] for one in findings], rule
        rows[f"`{rule}` {value}"] = start(configuration)
    rows["None of them"] = start({"Q_CLUSTER": FAST})
    return table(rows, ("Rule and value", "What qcluster did"))


def start_beside_each():
    """Return for each error in what runs what qcluster did with it, and without it.

    >>> from cookbook.evidence.qdoctor.started import start_beside_each
    >>> print(start_beside_each())
    | Rule and fault | What qcluster did |
    | --- | --- |
    | `E040` Redis does not answer | `ConnectionError: Error 111 connecting to ...` |
    | `E044` `args`: `4, (` | `SyntaxError: '(' was never closed` |
    | `E045` `func`: `no.such` | `ValueError: Function no.such is not defined` |
    | `E047` Cron, without croniter | `ImportError: Please install croniter ...` |
    | `E050` `cron`: `61 * * * *` | `CroniterBadCronError: [61 * * * *] is not ...` |
    | None of them | Runs the task and two schedules |
    """
    rows = {}
    for rule, (fault, fields) in BESIDE.items():
        ids, ending = start_beside(fields, rule != "E047")
        assert ids == [f"django_q.{rule}"], (rule, ids)
        rows[f"`{rule}` {fault}"] = ending
    ids, rows["None of them"] = start_beside({})
    assert ids == []
    return table(rows, ("Rule and fault", "What qcluster did"))


def start_beside(fields, croniter=True):
    """Return the errors that qdoctor finds, and how a real cluster ends."""
    with workspace({"Q_CLUSTER": FAST}) as project:
        if fields is None:
            keys = {"Q_CLUSTER": OTHER | {"redis": NOBODY}}
            project |= {"RECIPE_SETTINGS": repr(keys)}
        log = logged(project, examine, fields, croniter)
        return call(project, written), finished(log, 3)


def examine(fields, croniter):
    """Plan a task, write down which errors qdoctor finds, and start a cluster."""
    due = {"func": "math.sqrt", "args": "16", "next_run": timezone.now()}
    cron = {"schedule_type": Schedule.CRON, "cron": "* * * * *"}
    Schedule.objects.bulk_create([Schedule(**due | cron | (fields or {}))])
    with nullcontext() if croniter else without_croniter():
        ids = [one["id"] for one in look({"BASE_DIR": "/nowhere"})]
        for one in filter(lambda one: one.startswith("django_q.E"), ids):
            write(one)
        if fields is None:
            beside(wait_until, lambda: finished(own_log(), 3), 60, own_log)
        else:
            work(3)
