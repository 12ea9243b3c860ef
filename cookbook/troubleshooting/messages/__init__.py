"""An entry for every message of the installed packages, and the runs that print them.

What has no entry yet, or is in no release any more, is here:

>>> from cookbook.troubleshooting.messages import gone, missing
>>> missing()
[]
>>> gone()
[]

A run may cut a long message short, to fit its line:

>>> from cookbook.troubleshooting.messages import in_full
>>> in_full("OSError: Your OS does not support `os.getppid`. Please ...")
'OSError: Your OS does not ... Please install `psutil` as an alternative provider.'
"""

import ast
import doctest
from functools import cache
from pathlib import Path

from cookbook.qdoctor.explain import entries, explain

from .source import messages

RUNS = Path(__file__).with_name("runs")
OTHERS = ("databases", "python", "redis")  # What other packages print.


def missing():
    """Return the messages of the source that have no entry."""
    return sorted(set(messages()) - {entry.text for entry in entries()})


places = cache(messages)  # For the site, which asks often.


def gone():
    """Return the texts of entries that no source has."""
    return [
        entry.text
        for entry in entries()
        if entry.area not in OTHERS and entry.text not in messages()
    ]


@cache
def all_runs():
    """Return the run that printed each message: `{text: (module, function)}`."""
    findings = {}
    for module in sorted(RUNS.glob("*.py")):
        for node in ast.parse(module.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                story = ast.get_docstring(node) or ""
                for example in doctest.DocTestParser().get_examples(story):
                    lines = map(in_full, example.want.splitlines())
                    for match in explain("\n".join(lines)):
                        findings.setdefault(match.entry.text, (module.name, node.name))
    return findings


def in_full(line):
    """Return a line of a run, with the end of the message that `...` stands for."""
    head = line.removesuffix("...")
    for text in places():
        start = head.find(text[:30])
        if head != line and start >= 0 and text.startswith(head[start:]):
            return head[:start] + text
    return line
