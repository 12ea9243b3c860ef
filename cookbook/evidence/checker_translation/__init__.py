"""Compare the checker in the browser with qdoctor.

What a browser saw is kept, and it pasted today's cases:

>>> import json
>>> from cookbook.evidence.checker_translation import FIGURES, measure
>>> from cookbook.evidence.checker_translation.cases import CASES
>>> figures = json.loads(FIGURES.read_text())
>>> figures["cases"] == len(CASES)
True

Today's rules and today's translation agree:

>>> for row in measure(seconds=0)["rows"]:
...     print(*row.values(), sep=": ")
pasted settings, in the engine V8: 862: 0
pasted settings, in Chromium ...: 862: 0
numbers for the calculator, in the engine V8: 12: 0
"""

import json
from pathlib import Path

FIGURES = Path(__file__).parent.with_suffix(".json")


def measure(seconds=8):
    """Compare in a JavaScript engine, and stop a cluster full of tasks of `seconds`.

    What a browser saw is kept; `nox -s shots` asks it again.
    """
    from . import agreement, counts  # They need Django, and Sphinx reads this module.
    from .translate import script

    stored = json.loads(FIGURES.read_text())
    source = script()
    judged = [
        ("pasted settings, in the engine V8", agreement.CASES,
         agreement.differences(source)),
        ("numbers for the calculator, in the engine V8", agreement.PLANS,
         agreement.plan_differences(source)),
    ]  # fmt: skip
    rows = [row(what, len(cases), len(wrong)) for what, cases, wrong in judged]
    stop = counts.stop_full(seconds) if seconds else stored["stop"]
    rows.insert(1, seen_by_browser(stored["browser"], stored["cases"]))
    return stored | {"rows": rows, "stop": stop}


def row(what, cases, wrong):
    return {"What was compared": what, "Cases": cases, "Different": wrong}


def seen_by_browser(browser, cases):
    """Return the row of a browser in which nothing differed."""
    return row(f"pasted settings, in {browser}", cases, 0)
