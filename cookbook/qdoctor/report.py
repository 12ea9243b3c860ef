"""Print findings for a person or for a program, and choose the exit code.

>>> import json
>>> from cookbook.qdoctor.report import code, report
>>> found = [{"id": "django_q.W013", "message": "One attempt", "hint": "Choose."}]
>>> print(report(found, "text"))
django_q.W013  One attempt
               Choose.
0 errors, 1 warning, 0 notes
>>> json.loads(report(found, "json"))["findings"] == found
True
>>> code(found, "warning"), code(found, "error"), code([], "note")
(1, 0, 0)
"""

import json
import sys

LEVELS = {"error": "E", "warning": "W", "note": "I"}


def options(parser):
    """Add to a parser what the two commands have in common."""
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument(
        "--fail-level",
        choices=LEVELS,
        default="warning",
        help="exit with 1 if something of this level is found (default: warning)",
    )


def level(finding):
    """Return the letter of a finding: E, W or I."""
    return finding["id"].split(".")[1][0]


def report(found, form):
    """Return the findings as text, or as JSON with a version of its form."""
    letters = [level(finding) for finding in found]
    counted = {name: letters.count(letter) for name, letter in LEVELS.items()}
    if form == "json":
        return json.dumps({"version": 1, "counts": counted, "findings": found})
    lines = [
        printable(part)
        for finding in found
        for part in (
            f"{finding['id']}  {finding['message']}",
            f"{'':13}  {finding['hint']}",
        )
    ]
    total = ", ".join(f"{n} {name}{'s' * (n != 1)}" for name, n in counted.items())
    return "\n".join([*lines, total])


def printable(text):
    """Return a text as one line that this terminal can show.

    >>> from cookbook.qdoctor.report import printable
    >>> printable("a\\x1b[2J\\n\\udc80")
    'a?[2J??'
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    line = "".join(letter if letter.isprintable() else "?" for letter in text)
    return line.encode(encoding, "backslashreplace").decode(encoding)


def code(found, fail_level):
    """Return the exit code: 1 for a finding of `fail_level` or worse, else 0."""
    order = "".join(LEVELS.values())
    bad = order[: order.index(LEVELS[fail_level]) + 1]
    return int(any(level(finding) in bad for finding in found))
