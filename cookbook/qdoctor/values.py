"""Settings as plain data, and the words of a message about one."""

from collections.abc import Iterable
from typing import Any

DEPTH, MANY, LONG = 5, 2_000, 2_000  # How much of a setting is read.


class Other:
    """Stands for a value that is not plain data. It is never asked anything."""


def plain(value: Any, depth: int = DEPTH) -> Any:
    """Return a copy in which everything is a literal or `Other`; cut what is huge."""
    if issubclass(type(value), str):  # A lazy object would answer isinstance.
        return str.__str__(value)[:LONG]
    if value is None or type(value) in (bool, int, float):
        return value
    table = issubclass(type(value), dict)  # It may have methods of its own.
    if not depth or not (table or type(value) in (list, tuple)):
        return Other
    if table:
        return {
            plain(key, 0): plain(inside, depth - 1)
            for key, inside in list(dict.items(value))[:MANY]
        }
    return [plain(inside, depth - 1) for inside in value[:MANY]]


def kind(value: Any) -> str:
    """Return the name of a value's type: str, int, ..., None or other."""
    if value is None or value is Other:
        return "other" if value else "None"
    return type(value).__name__


def describe(value: Any) -> str:
    """Return a value in the words of a message; what is inside it may be secret."""
    if kind(value) == "str":
        return f"'{value[:40]}'"
    if kind(value) in ("dict", "list", "other"):
        return "an object" if kind(value) == "other" else f"a {kind(value)}"
    if kind(value) in ("int", "float") and not -1e9 < value < 1e9:
        return "a huge number"
    return repr(value)


def nearest(word: str, words: Iterable[str]) -> str:
    """Return the one of `words` that `word` is a misspelling of, or ""."""
    best, least = "", max(1, min(len(word), 30) // 3) + 1
    for candidate in words:
        length, other = min(len(word), 30), len(candidate)
        if max(length, other) - min(length, other) >= least:
            continue
        steps = distance(word.lower()[:30], candidate.lower())
        if steps < least:
            best, least = candidate, steps
    return best


def distance(one: str, other: str) -> int:
    """Return how many letters to add, drop or change from one word to the other."""
    row = list(range(len(other) + 1))
    for letter in one:
        above = row
        row = [above[0] + 1]
        for place in range(len(other)):
            changed = above[place] + (0 if letter == other[place] else 1)
            row = [*row, min(above[place + 1] + 1, row[place] + 1, changed)]
    return row[len(other)]
