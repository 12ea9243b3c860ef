"""Every symptom of these pages: its words, its page, and the rules that foresee it.

An entry is a heading of a page in AREAS, with what stands below it. Its line *See it
coming* names the rules of `qdoctor` that find its cause:

>>> from cookbook.troubleshooting.symptoms import entries, places
>>> [entry] = [entry for entry in entries() if "I033" in entry.rules]
>>> entry.words, entry.place
('A failed task runs again and again', 'runs-twice.md#a-failed-task-runs-again-...')

A rule leads to the first entry that names it:

>>> places()["I033"] == entry
True
"""

import re
from dataclasses import dataclass
from functools import cached_property

from cookbook.catalogue import ROOT

PAGES = ROOT / "docs/troubleshooting"
AREAS = (
    "crashes", "nothing-runs", "runs-twice", "tasks-lost", "does-not-stop", "schedules",
    "results", "databases", "memory-and-connections", "deploys", "admin", "platforms",
)  # fmt: skip
OTHERS = {"Related", "Limits"}  # Headings that are no symptom.


@dataclass(frozen=True)
class Entry:
    """One symptom: `text` is what its page says below the heading, in Markdown."""

    words: str
    area: str
    text: str

    @property
    def place(self):
        """Its address, from any page of this section."""
        words = re.sub(r"[^\w -]", "", self.words.lower())
        return f"{self.area}.md#{words.replace(' ', '-')}"

    @cached_property
    def foresight(self):
        """What stands in its line *See it coming*."""
        line = re.search(r"^\*\*See it coming:\*\* (.+)$", self.text, re.M)
        return line[1] if line else ""

    @property
    def rules(self):
        """The ids of the rules that foresee it."""
        return re.findall(r"{rule}`(\w+)`", self.foresight)


# Where a rule leads that no entry names yet; a test of the house says so.
NOWHERE = Entry("no symptom yet", "symptoms", "")


def entries():
    """Return all entries, in the order of the pages."""
    pages = {area: PAGES / f"{area}.md" for area in AREAS}
    return [
        entry
        for area, page in pages.items()
        if page.exists()
        for entry in split(area, page.read_text())
    ]


def split(area, text):
    """Return the entries of a page.

    >>> from cookbook.troubleshooting.symptoms import split
    >>> page = "# Page\\n\\n## It hangs\\n\\nWhy.\\n\\n## Related\\n"
    >>> split("stops", page)
    [Entry(words='It hangs', area='stops', text='Why.')]
    """
    parts = (part.partition("\n") for part in re.split("^## ", text, flags=re.M)[1:])
    return [
        Entry(words, area, text.strip())
        for words, _, text in parts
        if words not in OTHERS
    ]


def titles():
    """Return the title of each page: `{area: title}`."""
    pages = {area: PAGES / f"{area}.md" for area in AREAS}
    return {
        area: page.read_text().partition("\n")[0].removeprefix("# ")
        for area, page in pages.items()
        if page.exists()
    }


def places():
    """Return the entry that a rule leads to: `{id: entry}`."""
    firsts = {}
    for entry in entries():
        for one in entry.rules:
            firsts.setdefault(one, entry)
    return firsts
