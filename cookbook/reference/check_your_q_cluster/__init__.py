"""Read what qdoctor says of a pasted Q_CLUSTER, and what follows from its numbers.

The table of rules on the page, and the cases that a browser judged, are of today:

>>> figures = json.loads(Path(__file__).parent.with_suffix(".json").read_text())
>>> figures["rows"] == rows(), figures["cases"] == len(CASES)
(True, True)
"""

import json  # noqa: F401  The session above uses it.
from pathlib import Path  # noqa: F401

from cookbook.recipes.qdoctor import project  # noqa: F401  It registers the rules.
from cookbook.recipes.qdoctor.rules import RULES

from .cases import CASES  # noqa: F401


def rows():
    """Return the rules for settings as the rows of a table."""
    return [
        {"Id": one["id"].split(".")[1], "What it finds": one["title"]}
        for one in sorted(RULES, key=lambda one: one["id"][-3:])
    ]
