"""An entry for every message of the installed packages, and the runs that print them.

What has no entry yet, or is in no release any more, is here:

>>> from cookbook.troubleshooting.messages import gone, missing
>>> missing()
[]
>>> gone()
[]
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
def runs():
    """Return the run that printed each message: `{text: (module, function)}`."""
    found = {}
    for module in sorted(RUNS.glob("*.py")):
        for node in ast.parse(module.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                story = ast.get_docstring(node) or ""
                for example in doctest.DocTestParser().get_examples(story):
                    for match in explain(example.want):
                        found.setdefault(match.entry.text, (module.name, node.name))
    return found
