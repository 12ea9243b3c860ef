"""What the checker of a Q_CLUSTER finds, and where each mistake is explained.

The table has every finding that qdoctor can print, and a link for each:

>>> from cookbook.reference.check_your_q_cluster import explanations, findings
>>> from cookbook.troubleshooting.what_qdoctor_finds import findings as ids
>>> {row["Id"] for row in findings()} ^ ids()
set()
>>> set(explanations()) ^ ids()
set()
>>> explanations()["W010"]
('Tasks are stuck in the queue', '/troubleshooting/what-qdoctor-finds.md#tasks...')
>>> explanations()["W024"]
('', '/troubleshooting/empty-qmonitor.md')
"""

import re
from pathlib import Path

from cookbook import qdoctor
from cookbook.catalogue import ROOT

PAGE = "troubleshooting/what-qdoctor-finds"
LEVELS = {"E": "error", "W": "warning", "I": "note"}
# Two findings that are no rule.
OTHERS = [("E000", "The settings cannot be imported"),
          ("E049", "A rule could not be checked")]  # fmt: skip


def findings():
    """Return all findings as the rows of a table; Django is not needed for it."""
    source = "".join(
        module.read_text() for module in Path(qdoctor.__file__).parent.glob("*.py")
    )
    rules = re.findall(r'^@rule\("django_q\.(\w+)", "(.+?)"', source, re.M)
    places = explanations()
    return [
        {"Id": one, "Level": LEVELS[one[0]], "What it finds": title,
         "What it does": "[{}]({})".format(*places[one])}
        for one, title in sorted(rules + OTHERS, key=lambda rule: rule[0][1:])
    ]  # fmt: skip


def explanations():
    """Return where each finding is explained: `{id: (words, place)}`.

    The page of troubleshooting names each id once or more; the first section counts. A
    line that links to another page sends its reader there, and its words are the title
    of that page.
    """
    places = {}
    text = (ROOT / f"docs/{PAGE}.md").read_text()
    for section in re.split("^## ", text, flags=re.M)[1:]:
        title = section.partition("\n")[0]
        anchor = re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for line in section.splitlines():
            other = re.search("{doc}`/(.+?)`", line)
            here = (title, f"/{PAGE}.md#{anchor}")
            place = ("", f"/{other[1]}.md") if other else here
            for one in re.findall(r"\b[EWI]\d{3}\b", line):
                places.setdefault(one, place)
    return places
