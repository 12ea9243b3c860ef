"""Explain what people pasted in public issues, and look it up in the site's search.

The right entry comes first:

>>> from cookbook.troubleshooting.paste_a_log.public import PASTES, wrong
>>> len(PASTES)
100
>>> wrong()
[]

A paste whose entry is missing is open, and one that is answered otherwise is wrong:

>>> from cookbook.troubleshooting.paste_a_log.public import Paste
>>> lost, other = Paste(["no such message"], "?"), Paste(["recycled worker"], "x after")
>>> lost.is_open, other.is_open, wrong([lost, other])
(True, False, ['x after'])
"""

import re
from dataclasses import dataclass
from pathlib import Path

from cookbook.qdoctor.explain import entries, explain


@dataclass
class Paste:
    """What somebody pasted; one of `answers` is a part of the message that is meant."""

    answers: list[str]
    log: str

    @property
    def entries(self):
        """The entries that answer it, as far as there are any."""
        return [
            entry
            for entry in entries()
            if any(answer in entry.text for answer in self.answers)
        ]

    @property
    def is_open(self):
        return not self.entries

    @property
    def line(self):
        """The line to search for: the one with the message, or else the last one."""
        right = [
            match.line for match in explain(self.log) if match.entry in self.entries
        ]
        return (right or self.log.splitlines()[-1:])[0]

    @property
    def pages(self):
        """The pages that answer it."""
        areas = {f"troubleshooting/messages-{entry.area}" for entry in self.entries}
        return areas | {entry.see for entry in self.entries if entry.see}


def pastes():
    """Return the pastes of public_lines.txt."""
    text = Path(__file__).with_name("public_lines.txt").read_text()
    blocks = re.findall(
        r"^= (.+?)(?: \([^()]+\))?\n(.+?)(?=\n\n=|\Z)", text, re.M | re.S
    )
    return [Paste(head.split(" | "), log) for head, log in blocks]


PASTES = pastes()


def wrong(pasted=PASTES):
    """Return the pastes whose first entry is another one; open ones cannot be wrong."""
    return [
        paste.log
        for paste in pasted
        if not paste.is_open
        and not any(match.entry in paste.entries for match in explain(paste.log)[:1])
    ]
