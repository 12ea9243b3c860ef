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
from functools import cache, cached_property
from pathlib import Path

# What each harm means to a reader.
HARM = ("Routine", "Read it once", "Fix it", "Fix it now: tasks are affected")
LEAST = 6  # Fewer letters than this are in too many lines.
MOST = 2_000_000  # Of a longer log, these last characters are explained.
WIDTH = 300  # Characters of a line that are repeated.


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

    @cached_property
    def pieces(self) -> list[str]:
        """What each such line contains, in this order; of several lines, the first."""
        first = self.text.partition("\n")[0]
        return [piece for piece in re.split(r"{\w*}", first) if piece.strip()]

    @cached_property
    def is_distinct(self) -> bool:
        """Say whether enough letters of it are the same in each line."""
        return sum(map(len, self.pieces)) >= LEAST

    def is_in(self, line: str) -> bool:
        """Say whether a line holds this message."""
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
    text = tidy(log)
    return matches(text, entries_of_lines(text))


def tidy(log: str) -> str:
    """Return the end of a log, with one kind of line end."""
    return "".join(f"{line}\n" for line in log[-MOST:].splitlines())


def entries_of_lines(text: str) -> dict[int, list[Entry]]:
    """Return the entries that each line holds, by the place where the line begins."""
    held: dict[int, list[Entry]] = {}
    for entry in filter(lambda one: one.is_distinct, entries()):
        for start, line in candidates(entry, text):
            if entry.is_in(line):
                held.setdefault(start, []).append(entry)
    return {start: list(most_exact(held[start])) for start in sorted(held)}


def candidates(entry: Entry, text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that contain the longest piece of an entry."""
    piece = max(entry.pieces, key=len)
    place = text.find(piece)
    while place >= 0:
        start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        yield start, text[start:end]
        place = text.find(piece, end)


def most_exact(held: list[Entry]) -> Iterator[Entry]:
    """Yield the entries that do not only begin another one."""
    for entry in held:
        others = (other for other in held if other is not entry)
        if not any(other.text.startswith(entry.text) for other in others):
            yield entry


def matches(text: str, held: dict[int, list[Entry]]) -> list[Match]:
    """Return a match for each entry that is held, the worst first."""
    by_text: dict[str, Match] = {}
    for start, line_entries in held.items():
        for entry in line_entries:
            if entry.text in by_text:
                by_text[entry.text].count += 1
            else:
                line = text[start : text.index("\n", start)]
                by_text[entry.text] = Match(entry, cut(line))
    return sorted(by_text.values(), key=lambda match: -match.entry.harm)


def cut(line: str) -> str:
    """Return as much of a line as is repeated."""
    return line[:WIDTH].strip(" \t")
