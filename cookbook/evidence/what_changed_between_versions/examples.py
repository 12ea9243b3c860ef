"""Run examples of the reference on an older release, and read what fails.

>>> from cookbook.evidence.what_changed_between_versions.examples import (
...     failures, reference,
... )
>>> "commands/__init__.py" in reference()
True
>>> report = '''File "/x/reference/schedules/cron.py", line 3, in cron
... Failed example:
...     start()
... Expected:
...     1
...     2
... Got:
...     1
...     3
... ***
... '''
>>> (one,) = failures("1.10.0", report)
>>> print(*one.values(), sep=" | ")
1.10.0 | `start()` in [](/reference/schedules.md) | `3` | `2`

Of an exception the last line is kept, without the path of the file:

>>> raised = '''Exception raised:
...     Traceback (most recent call last):
...     ImportError: no 'hook' (/tmp/house/django_q/signals.py)'''
>>> wrong = "Got:\\n    1\\n    3"
>>> failures("1.10.0", report.replace(wrong, raised))[0]["before"]
"`ImportError: no 'hook'`"

What fails because an example before it failed is left out:

>>> failures("1.10.0", report.replace(wrong, raised.replace("Import", "Name")))
[]

A module that does not finish is one row:

>>> hung = "cookbook.reference.tasks.options did not finish within 150 s: a task"
>>> print(*failures("1.11.1", hung)[0].values(), sep=" | ")
1.11.1 | all of `options` in [](/reference/tasks.md) | `did not finish` | `it ends`
"""

import os
import re
import subprocess
import sys

from cookbook.catalogue import COOKBOOK

from .code import cell, row
from .releases import house

FAILED = re.compile(
    r'^File "\S*/reference/(\w+)\S*", line .*?\n'
    r"Failed example:\n(.*?)(?:^Expected(?: nothing|:)\n(.*?))?"
    r"^(?:Got:|Got nothing|(Exception raised):)\n(.*?)^(?:\*\*\*|\d+ examples)",
    re.M | re.S,
)
HUNG = re.compile(r"reference\.(\w+)\.?(\S*) did not finish within")


def reference():
    """Return the modules of the reference that have examples."""
    folder = COOKBOOK / "reference"
    return [
        module.relative_to(folder).as_posix()
        for module in sorted(folder.rglob("*.py"))
        if ">>> " in module.read_text()
    ]


def run(release, modules):
    """Run modules on a release; return examples, failed modules, and the report."""
    folder = house(release)
    examples = [folder / "cookbook/reference" / module for module in modules]
    report = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--at-once", "4", "--on", "SQLite",
         "--tb=short", "--seconds=150", "-p", "no:python", *examples],
        cwd=folder, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(folder), "STAMPS": str(folder / "stamps")},
    ).stdout  # fmt: skip
    count = re.search(r"verified: .*?([\d,]+) examples", report)[1]
    broken = re.findall("^FAILED", report, re.M)
    return int(count.replace(",", "")), len(broken), report


def failures(since, report):
    """Return the failed examples of a report, a row for each."""
    # A cluster that an example has left behind logs into it.
    report = re.sub(r"^[\d:]{8} \[Q\] .*\n", "", report, flags=re.M)
    rows = []
    for page, source, expected, raised, printed in FAILED.findall(report):
        if raised:
            printed = re.sub(r" \(/\S+\)$", "", printed.strip().rpartition("\n")[2])
        if not printed.strip().startswith("NameError"):
            before, after = apart(printed, expected), apart(expected, printed)
            what = f"{cell(one_line(source))} in {link(page)}"
            rows.append(row(since, what, before or "nothing", after or "no error"))
    return rows + [
        row(since, f"all of `{module or page}` in {link(page)}", "did not finish",
            "it ends")
        for page, module in dict.fromkeys(HUNG.findall(report))
    ]  # fmt: skip


def apart(lines, others):
    """Return the lines of an output that the other one does not have, as one line."""
    common = {line.strip() for line in others.splitlines()}
    return one_line(" ".join(x for x in lines.splitlines() if x.strip() not in common))


def one_line(text):
    return " ".join(text.split())


def link(page):
    """Return a link whose words are the title of the page."""
    return f"[](/reference/{page.replace('_', '-')}.md)"
