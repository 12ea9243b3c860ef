"""Report what a log says: the worst first, routine lines as a number, and the rest.

>>> from cookbook.qdoctor.logs import report
>>> print(report('''
... 10:02:11 [Q] INFO recycled worker Process-1f
... 10:02:12 [Q] CRITICAL reincarnated worker Process-2e after death
... Traceback (most recent call last):
...   File "shop/tasks.py", line 7, in send
... shop.NoAddress: 4711
... '''))
Fix it now: tasks are affected
reincarnated worker {name} after death
  10:02:12 [Q] CRITICAL reincarnated worker Process-2e after death (1 line)
  A worker process died...
  Fix: ...
<BLANKLINE>
1 routine line
<BLANKLINE>
Not known. Search for it without its names and numbers:
  shop.NoAddress: 4711 (1 line)
"""

import json
import re
import sys
import textwrap
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import nullcontext
from pathlib import Path

from .explain import HARM, MOST, WIDTH, Entry, cut, entries_of_lines, matches, tidy
from .report import printable

SHOWN = 20  # Unknown lines that are listed.
SHORTENED = f"The log is long: only its last {MOST:,} characters are explained."
NOTHING = "No line is known, and none looks like an error."
HINT = "Not known. Search for it without its names and numbers:"
TRACEBACK = "Traceback (most recent call last)"
# A level of logging, or an exception that begins its line.
BAD = re.compile(
    r"\b(?:ERROR|CRITICAL|FATAL)\b|^[ \t]*(?:\w+\.)*\w+(?:Error|Exception)(?::|$)",
    re.ASCII,
)


def option(parser: ArgumentParser) -> None:
    """Add to a parser the option that explains a log."""
    parser.add_argument(
        "--explain", dest="log", type=read_log, metavar="FILE",
        help="explain the lines of a log instead; - is the standard input",
    )  # fmt: skip


def read_log(name: str) -> str:
    """Return the end of a file; `-` is the standard input."""
    end = b""
    try:
        with (
            nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")
        ) as file:
            while block := file.read(MOST):
                end = (end + block)[-5 * MOST :]  # A character has four bytes at most.
    except OSError as error:
        raise ArgumentTypeError(str(error)) from None
    return end.decode(errors="replace")


def report(log: str, form: str = "text") -> str:
    """Return what is known about a log, as text or as JSON."""
    text = tidy(log)
    held = entries_of_lines(text)
    answers, strange = matches(text, held), unknown(text, held)
    routine = sum(match.count for match in answers if not match.entry.harm)
    if form == "json":
        return json.dumps({
            "version": 1,
            "shortened": len(log) > MOST,
            "routine": routine,
            "found": [
                {"message": match.entry.text, "harm": match.entry.harm,
                 "line": match.line, "count": match.count,
                 "means": match.entry.means, "fix": match.entry.fix}
                for match in answers
            ],
            "unknown": [{"line": line, "count": n} for line, n in strange.items()],
        })  # fmt: skip
    parts = [SHORTENED] if len(log) > MOST else []
    for match in answers:
        if match.entry.harm:
            entry, line = match.entry, f"{match.line} ({number(match.count, 'line')})"
            head = [HARM[entry.harm], printable(entry.text.partition("\n")[0])]
            rest = [line, entry.means, f"Fix: {entry.fix}"]
            parts.append("\n".join([*head, *map(indented, rest)]))
    if routine:
        parts.append(number(routine, "routine line"))
    if strange:
        lines = [f"{one} ({number(n, 'line')})" for one, n in strange.items()]
        more = len(lines) - SHOWN
        lines[SHOWN:] = [f"and {more} more"] if more > 0 else []
        parts.append("\n".join([HINT, *map(indented, lines)]))
    return "\n\n".join(parts or [NOTHING])


def number(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def indented(text: str) -> str:
    """Return a text in lines that this terminal can show."""
    return textwrap.fill(
        printable(text), 88, initial_indent="  ", subsequent_indent="  "
    )


def unknown(text: str, held: dict[int, list[Entry]]) -> dict[str, int]:
    """Count the lines that look like an error and hold no entry.

    Lines that differ only in numbers count as one.
    """
    first: dict[str, str] = {}
    counts: dict[str, int] = {}
    start, prefix = 0, None
    for line in text.split("\n"):
        is_last = False  # Of a traceback.
        if TRACEBACK in line:
            prefix = zeros(line.partition(TRACEBACK)[0])
        elif prefix is not None:
            # A host or a time may stand before each line of it.
            same = zeros(line[: len(prefix)]) == prefix
            is_last = (line[len(prefix) :] if same else line)[:1] not in ("", " ", "\t")
            prefix = None if is_last else prefix
        if start not in held and (is_last or BAD.search(line[:WIDTH])):
            one = first.setdefault(re.sub("0+", "0", zeros(cut(line))), cut(line))
            counts[one] = counts.get(one, 0) + 1
        start += len(line) + 1
    return counts


def zeros(text: str) -> str:
    """Return a text with 0 for every digit."""
    return re.sub("[0-9]", "0", text)
