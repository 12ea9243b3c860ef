"""Explain the lines of a log: what each message means, and what to do.

>>> from cookbook.qdoctor.explain import explain
>>> log = '''
... 10:02:11 [Q] INFO recycled worker Process-1f
... 10:02:12 [Q] CRITICAL reincarnated worker Process-2e after death
... '''
>>> for match in explain(log):
...     print(match.entry.harm, match.entry.text, match.count)
3 reincarnated worker {name} after death 1
0 recycled worker {name} 1
>>> explain("nothing that Django-Q2 prints")
[]
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LEAST = 6  # Fewer letters than this are in too many lines.


@dataclass(frozen=True)
class Entry:
    """A message: `{name}` in `text` stands for what differs from line to line.

    `harm` is 0 for a routine line, 1 for one to read once, 2 for something to fix, 3
    for tasks that are lost, run twice, or do not run at all. `means` and `fix` are
    Markdown, `see` names a page, `rules` are those of qdoctor that foresee it,
    `unseen` says why no run prints it.
    """

    text: str
    area: str
    harm: int
    means: str
    fix: str
    see: str = ""
    rules: tuple[str, ...] = ()
    unseen: str = ""

    @property
    def slug(self) -> str:
        """The name of the entry in links."""
        return re.sub(r"\W+", "-", self.text.lower()).strip("-_")[:60]

    @property
    def pieces(self) -> list[str]:
        """What each such line contains, in this order."""
        return [piece for piece in re.split(r"{\w*}|\n", self.text) if piece.strip()]

    def is_in(self, line: str) -> bool:
        """Say whether a line holds this message."""
        if sum(map(len, self.pieces)) < LEAST:
            return False
        start = 0
        for piece in self.pieces:
            start = line.find(piece, start)
            if start < 0:
                return False
            start += len(piece)
        return True


@dataclass
class Match:
    """An entry, the first line that holds it, and the number of such lines."""

    entry: Entry
    line: str
    count: int = 1


@cache
def entries() -> list[Entry]:
    """Return the entries in the files of the folder messages, one file an area."""
    return [
        Entry(area=path.stem, **one | {"rules": tuple(one.get("rules", ()))})
        for path in sorted(Path(__file__).with_name("messages").glob("*.toml"))
        for one in tomllib.loads(path.read_text())["message"]
    ]


def explain(log: str) -> list[Match]:
    """Return what is known about the lines of a log, the worst first."""
    findings: dict[str, Match] = {}
    for line in log.splitlines():
        for entry in of_line(line):
            if entry.text in findings:
                findings[entry.text].count += 1
            else:
                findings[entry.text] = Match(entry, line.strip())
    return sorted(findings.values(), key=lambda match: -match.entry.harm)


def of_line(line: str) -> Iterator[Entry]:
    """Yield the entries that a line holds, but none that only begins another one."""
    held = [entry for entry in entries() if entry.is_in(line)]
    for entry in held:
        others = (other for other in held if other is not entry)
        if not any(other.text.startswith(entry.text) for other in others):
            yield entry
