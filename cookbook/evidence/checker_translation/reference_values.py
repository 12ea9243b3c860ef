"""The values of which the reference says what happens, judged by the rules.

An error stops `migrate` and `runserver`, so no rule may find one where Django-Q2 works.
An error is found in every value with which a cluster ends in an exception. With these a
cluster works: they are for the admin, for a broker that is not used or for a schedule,
or Django-Q2 only warns:

>>> from cookbook.evidence.checker_translation.reference_values import (
...     FAILS, PROSE, errors, rows,
... )
>>> failing = [(key, value) for key, value, what in rows()
...            if FAILS.search(what)]
>>> ("orm", True) in failing, ("cpu_affinity", 0.5) in failing
(True, True)
>>> print(*(one for one in failing if not errors(*one)), sep="\\n")
('label', None)
('redis', None)
('django_redis', True)
('mongo_db', 7)
('time_zone', 'Mars')
('time_zone', None)
('save_limit_per', 'queue')
('save_limit_per', 0)

In no other value is an error found, but in these, with which no task runs:

>>> working = [(key, value) for key, value, what in rows()
...            if not FAILS.search(what)]
>>> print(*(one for one in working if errors(*one)), sep="\\n")
('name', '')
('workers', -1)
('bulk', 0)

Nor in what the pages say in their sentences:

>>> [(key, value) for key, values in PROSE.items() for value in values
...  if errors(key, value)]
[]
"""

import ast
import re
from contextlib import suppress

from cookbook.catalogue import COOKBOOK, docstring
from cookbook.qdoctor.keys import KEYS
from cookbook.qdoctor.project import diagnose

from .cases import BASE

FAILS = re.compile("Error|NotReady")
SWITCHED = (0, None, 1, "yes", [], [1])
PROSE = {
    "recycle": (None, -1, 10**9), "max_rss": (0, -1, 1.5), "cpu_affinity": (-1, 99),
    "error_reporter": (None,), "save_limit": (-2,), "log_level": ("NOTSET",),
    "max_attempts": (-1,), "cached": (-1,), "queue_limit": (-1,), "ALT_CLUSTERS": ({},),
    "daemonize_workers": SWITCHED, "sync": SWITCHED, "testing": SWITCHED,
    "scheduler": SWITCHED, "catch_up": SWITCHED, "compress": ("False",),
}  # fmt: skip


def rows():
    """Yield key, value and what happens, for each row of the reference's tables."""
    for key in KEYS:
        for module in sorted(COOKBOOK.glob(f"reference/q_cluster_*/{key.lower()}.py")):
            table = re.findall(r"^\| (.*`.*) \| (.*) \|$", docstring(module), re.M)
            for values, what in table:
                for value in re.findall("`([^`]+)`", values):
                    with suppress(SyntaxError, ValueError):  # Some are names or sums.
                        yield key, ast.literal_eval(value), what


def errors(key, value):
    """Return the errors that are found where only this value is unusual."""
    name = "mail" if key == "ALT_CLUSTERS" else ""
    findings = diagnose({"Q_CLUSTER": BASE | {key: value}, "Q_CLUSTER_NAME": name})
    return [one["message"] for one in findings if one["id"].startswith("django_q.E")]
