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
| `E031` `time_zone`: `'Mars'` | `ZoneInfoNotFoundError: 'No time zone found with ...` |
| `E036` `django_redis`: no such cache | `InvalidCacheBackendError: ...` |
| `E038` `broker_class`: `'shop.Queue'` | `ModuleNotFoundError: No module ...` |
| None of them | Runs the task and the schedule |
"""

import re

from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from cookbook.harness.trial import (
    beside,
    logged,
    own_log,
    table,
    wait_until,
    workspace,
)
from cookbook.qdoctor.project import diagnose, surroundings

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
    "E031": ("`time_zone`: `'Mars'`", {"Q_CLUSTER": FAST | {"time_zone": "Mars"}}),
    "E036": ("`django_redis`: no such cache",
             {"Q_CLUSTER": OTHER | {"django_redis": "queue"}, "CACHES": LOCMEM}),
    "E038": ("`broker_class`: `'shop.Queue'`",
             {"Q_CLUSTER": ORM | {"broker_class": "shop.Queue"}}),
}  # fmt: skip
RIGHT = "Runs the task and the schedule"


def work():
    """Send a task, plan another, start a cluster and wait for both or an error."""
    async_task("math.sqrt", 4)
    due = {"next_run": timezone.now(), "schedule_type": "D"}
    Schedule.objects.create(func="math.sqrt", args="9", **due)
    beside(wait_until, lambda: finished(own_log()), 60, own_log)


def finished(log):
    """Return what a log says at its end: an error, or that both tasks were done."""
    errors = re.findall(r"^(?:[\w.]+\.)?(\w*(?:Error|Exist)): (.+)$", log, re.M)
    errors = [error for error in errors if error[0] != "RuntimeError"]
    if errors:
        return f"`{errors[-1][0]}: {errors[-1][1][:70]}`"
    return RIGHT if log.count("Processed 'math.sqrt'") == 2 else ""


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
