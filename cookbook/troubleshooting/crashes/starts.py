"""Wrong values that stop a command, and the last line that it prints.

`check` stands for every command of `manage.py`:

>>> from cookbook.troubleshooting.crashes.starts import edges
>>> print(edges())
| Rule | Mistake | The last line |
| --- | --- | --- |
| {rule}`E001` | `Q_CLUSTER` is a list | `AttributeError: 'list' object has no attribute 'get'` |
| {rule}`E003` | `workers` is `"four"` | `ValueError: invalid literal for int() with base 10: 'four'` |
| {rule}`E003` | `retry` is `None` | `TypeError: '>' not supported between instances of 'int' and 'NoneType'` |
| {rule}`E004` | `log_level` is `"LOUD"` | `AttributeError: module 'logging' has no attribute 'LOUD'` |
| {rule}`E009` | `Q_CLUSTER_NAME` without `ALT_CLUSTERS` | `KeyError: 'ALT_CLUSTERS'` |
| {rule}`E007` | `redis.Redis()` has no such argument | `RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1` |
| {rule}`E040` | Redis does not answer | `RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1` |
| {rule}`E036` | `django_redis` names a cache that is not of django-redis | `RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1` |
| {rule}`E038` | The module of `broker_class` is missing | `RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1` |
"""

import re
import subprocess
import sys

from cookbook.harness.trial import MANAGE, table, workspace

# The rule that finds it, the words for it, the command, and the value of Q_CLUSTER.
WRONG = [
    ("E001", "`Q_CLUSTER` is a list", "check", ["orm", "default"]),
    ("E003", '`workers` is `"four"`', "check", {"workers": "four"}),
    ("E003", "`retry` is `None`", "check", {"retry": None, "timeout": 60}),
    ("E004", '`log_level` is `"LOUD"`', "check", {"log_level": "LOUD"}),
    ("E009", "`Q_CLUSTER_NAME` without `ALT_CLUSTERS`", "check", {"name": "shop"}),
    ("E007", "`redis.Redis()` has no such argument", "qcluster",
     {"redis": {"hosts": "queue"}}),
    ("E040", "Redis does not answer", "qcluster", {"redis": {"port": 1}}),
    ("E036", "`django_redis` names a cache that is not of django-redis", "qcluster",
     {"django_redis": "default"}),
    ("E038", "The module of `broker_class` is missing", "qcluster",
     {"broker_class": "shop.brokers.Broker"}),
]  # fmt: skip


def edges():
    """Return a row for each wrong value."""
    with workspace({}) as project:
        named = project | {"Q_CLUSTER_NAME": "reports"}
        rows = {
            f"{{rule}}`{rule}` | {words}": end(
                named if "name" in keys else project, command, keys
            )
            for rule, words, command, keys in WRONG
        }
    heads = ("Rule | Mistake", "The last line")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")


def end(project, command, keys):
    """Return the last line that a manage.py command prints with these settings."""
    process = subprocess.run(
        [sys.executable, MANAGE, command],
        env=project | {"RECIPE_SETTINGS": repr({"Q_CLUSTER": keys})},
        capture_output=True,
        text=True,
        timeout=120,
    )
    line = process.stderr.strip().splitlines()[-1]
    return f"`{re.sub('(?<=Q Cluster ).+(?= failed)', '...', line)}`"
