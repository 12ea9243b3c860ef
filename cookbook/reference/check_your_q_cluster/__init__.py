"""Read what qdoctor says of a pasted Q_CLUSTER, and what follows from its numbers.

The table of rules on the page, and the cases that a browser judged, are of today:

>>> import json
>>> from cookbook.reference.check_your_q_cluster import FIGURES, reproduction, rows
>>> from cookbook.reference.check_your_q_cluster.cases import CASES
>>> from cookbook.troubleshooting.what_qdoctor_finds import findings
>>> figures = json.loads(FIGURES.read_text())
>>> figures["rows"] == rows(), figures["cases"] == len(CASES)
(True, True)

It has every finding that qdoctor can print, and a link for each:

>>> {row["Id"] for row in rows()} ^ findings(), [r for r in rows() if not r["Shown by"]]
(set(), [])
>>> reproduction("E999")
''
"""

import json
import re
from pathlib import Path

from cookbook import qdoctor
from cookbook.catalogue import ROOT

from .plan import plan

FIGURES = Path(__file__).parent.with_suffix(".json")
TROUBLE = "troubleshooting/what-qdoctor-finds"
LEVELS = {"E": "error", "W": "warning", "I": "note"}
# Two findings that are no rule.
OTHERS = [("E000", "The settings cannot be imported"),
          ("E049", "A rule could not be asked")]  # fmt: skip


def rows():
    """Return all findings as the rows of a table; Django is not needed for it."""
    source = "".join(
        module.read_text() for module in Path(qdoctor.__file__).parent.glob("*.py")
    )
    rules = re.findall(r'^@rule\("django_q\.(\w+)", "(.+?)"', source, re.M)
    return [
        {"Id": one, "Level": LEVELS[one[0]], "What it finds": title,
         "Shown by": reproduction(one)}
        for one, title in sorted(rules + OTHERS, key=lambda rule: rule[0][1:])
    ]  # fmt: skip


def reproduction(one):
    """Return a link to the place where the mistake of a finding is made for real."""
    page = (ROOT / f"docs/{TROUBLE}.md").read_text()
    for section in re.split("^## ", page, flags=re.M)[1:]:
        for line in section.splitlines():
            if re.search(rf"\b{one}\b", line):
                title = section.split("\n")[0]
                anchor = re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
                elsewhere = re.search("{doc}`/(.+?)`", line)
                place = elsewhere[1] if elsewhere else f"{TROUBLE}.md#{anchor}"
                words = place.split("/")[-1] if elsewhere else title
                return f"[{words}](/{place}{'.md' if elsewhere else ''})"
    return ""


def measure(seconds=8):
    """Stop a cluster that is full, and keep what a browser saw of the page."""
    from .counted import (
        stopped,  # It needs Django, and cookbook/site/browser.py has none.
    )

    numbers = {"workers": 1, "queue_limit": 1, "bulk": 1, "poll": 0.2}
    told = plan(numbers | {"timeout": seconds}, "orm")
    stop = stopped(seconds, numbers | {"timeout": 120}) | {
        "told": told["worst-case shutdown"],
        "taken": told["tasks taken at once"],
        "each": seconds,
    }
    return json.loads(FIGURES.read_text()) | {"rows": rows(), "stop": stop}
