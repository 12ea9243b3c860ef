"""What the checker of a Q_CLUSTER finds, and the symptom of each mistake.

The table has every finding that qdoctor can print:

>>> from cookbook.reference.check_your_q_cluster import findings, ids, links
>>> {row["Id"] for row in findings()} ^ ids()
set()
>>> links()["W010"]
'/troubleshooting/nothing-runs.md#tasks-wait-behind-one-that-hangs'
"""

import re
from pathlib import Path

from cookbook import qdoctor
from cookbook.troubleshooting.symptoms import NOWHERE, places

LEVELS = {"E": "error", "W": "warning", "I": "note"}
# Two findings that are no rule.
OTHERS = [("E000", "The settings cannot be imported"),
          ("E049", "A rule could not be checked")]  # fmt: skip


def source():
    """Return the code of qdoctor."""
    modules = Path(qdoctor.__file__).parent.rglob("*.py")
    return "\n".join(module.read_text() for module in modules)


def ids():
    """Return the ids in the code of qdoctor."""
    return set(re.findall(r'"django_q\.(\w\d{3})"', source()))


def findings():
    """Return all findings as the rows of a table; Django is not needed for it."""
    rules = re.findall(r'^@rule\("django_q\.(\w+)", "(.+?)"', source(), re.M)
    firsts = places()
    return [
        {"Id": one, "Level": LEVELS[one[0]], "What it finds": title,
         "Symptom": link(firsts.get(one, NOWHERE))}
        for one, title in sorted(rules + OTHERS, key=lambda rule: rule[0][1:])
    ]  # fmt: skip


def link(entry):
    return f"[{entry.words}](/troubleshooting/{entry.place})"


def links():
    """Return the address of the symptom that each finding foresees."""
    return {one: f"/troubleshooting/{entry.place}" for one, entry in places().items()}
