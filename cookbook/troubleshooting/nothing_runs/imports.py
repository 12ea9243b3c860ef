"""A task whose module cannot be imported ends its worker, and does not fail.

The module of Oracle's backend needs a package that is not installed:

>>> from cookbook.harness.trial import observe
>>> from cookbook.troubleshooting.nothing_runs.imports import outcome
>>> print(observe(outcome, "django.db.backends.oracle.base.DatabaseWrapper"))
pydoc.ErrorDuringImport: problem in django.db.backends.oracle.base - ...
reincarnated worker Process-... after death
>>> print(observe(outcome, "builtins.abs"))
Processed 'builtins.abs' ...
"""

import re

from django_q.tasks import async_task

from cookbook.harness.trial import own_log, stop, wait_until

LINES = re.compile("(?:pydoc.ErrorDuringImport:|reincarnated|Processed) .+")
ENDS = re.compile("after death|Processed")


def outcome(path):
    """Run a task until it has a result or its worker dies; return what the log says."""
    async_task(path, -7)
    wait_until(lambda: ENDS.search(own_log()), 60, own_log)
    lines = LINES.findall(own_log())
    stop()
    return "\n".join(lines)
