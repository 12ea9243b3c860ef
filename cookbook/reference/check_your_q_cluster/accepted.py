"""The values of which the reference pages say what happens, judged by the rules.

An error is found in every value with which something ends in an exception, but for more
workers than a machine has, and a time zone that does not exist:

>>> from cookbook.reference.check_your_q_cluster.accepted import PROSE, errors, said
>>> [(key, value) for key, value, told in said() if "Error" in told]
[('django_redis', True), ..., ('cpu_affinity', 0.5), ...]
>>> [row[:2] for row in said() if "Error" in row[2] and not errors(*row[:2])]
[('time_zone', 'Mars'), ('workers', 46341)]

In no other is there an error, but in these, with which no task is done as it should be:

>>> [row[:2] for row in said() if "Error" not in row[2] and errors(*row[:2])
... ]  # doctest: +NORMALIZE_WHITESPACE
[('bulk', 0), ('retry', 0), ('timeout', -3), ('ALT_CLUSTERS', ['mail']),
 ('guard_cycle', 0), ('guard_cycle', -1), ('workers', -1),
 ('save_limit_per', 'queue'), ('save_limit_per', 0)]

Nor in what the pages say in their sentences:

>>> [(key, value) for key, values in PROSE.items() for value in values
...  if errors(key, value)]
[]
"""

import ast
import re
from contextlib import suppress

from cookbook import upstream
from cookbook.qdoctor.project import diagnose
from cookbook.reference.q_cluster import entries

from .cases import BASE

SWITCHED = (0, None, 1, "yes", [], [1])
PROSE = {
    "recycle": (None, -1, 10**9), "max_rss": (0, -1, 1.5), "cpu_affinity": (-1, 99),
    "error_reporter": (None,), "save_limit": (-2,), "log_level": ("NOTSET",),
    "max_attempts": (-1,), "cached": (-1,), "queue_limit": (-1,), "ALT_CLUSTERS": ({},),
    "daemonize_workers": SWITCHED, "sync": SWITCHED, "testing": SWITCHED,
    "scheduler": SWITCHED, "catch_up": SWITCHED, "compress": ("False",),
}  # fmt: skip


def said():
    """Yield key, value and what happens, for each row of the reference's tables."""
    keys = {key.lower(): key for key in upstream.settings()}
    for key, module in sorted(entries().items(), key=lambda entry: entry[1]):
        story = ast.get_docstring(ast.parse(module.read_text()))
        for values, told in re.findall(r"^\| (.*`.*) \| (.*) \|$", story, re.M):
            for value in re.findall("`([^`]+)`", values):
                with suppress(SyntaxError, ValueError):  # Some are names or sums.
                    yield keys[key], ast.literal_eval(value), told


def errors(key, value):
    """Return the errors that are found where only this value is unusual."""
    name = "mail" if key == "ALT_CLUSTERS" else ""
    found = diagnose({"Q_CLUSTER": BASE | {key: value}, "Q_CLUSTER_NAME": name})
    return [one["message"] for one in found if one["id"].startswith("django_q.E")]
