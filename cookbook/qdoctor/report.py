"""Print findings for a person or for a program, and choose the exit code.

>>> from cookbook.qdoctor.report import report
>>> finding = {"id": "django_q.W013", "message": "One attempt", "hint": "Choose."}
>>> print(report([finding], "text"))
django_q.W013  One attempt
               Choose.
0 errors, 1 warning, 0 notes
"""

import json
import sys
from argparse import ArgumentParser

Findings = list[dict[str, str]]
LEVELS = {"error": "E", "warning": "W", "note": "I"}


def options(parser: ArgumentParser) -> None:
    """Add to a parser what the two commands have in common."""
    parser.add_argument(
        "--format", dest="form", choices=["text", "json"], default="text"
    )
    parser.add_argument(
        "--fail-level",
        choices=LEVELS,
        default="warning",
        help="exit with 1 if something of this level is found (default: warning)",
    )


def level(finding: dict[str, str]) -> str:
    """Return the letter of a finding: E, W or I."""
    return finding["id"].split(".")[1][0]


def report(findings: Findings, form: str) -> str:
    """Return the findings as text, or as JSON with a version of its form."""
    letters = [level(finding) for finding in findings]
    counts = {name: letters.count(letter) for name, letter in LEVELS.items()}
    if form == "json":
        return json.dumps({"version": 1, "counts": counts, "findings": findings})
    lines = [
        printable(part)
        for finding in findings
        for part in (
            f"{finding['id']}  {finding['message']}",
            f"{'':13}  {finding['hint']}",
        )
    ]
    total = [f"{n} {name}{'' if n == 1 else 's'}" for name, n in counts.items()]
    return "\n".join([*lines, ", ".join(total)])


def printable(text: str) -> str:
    """Return a text as one line that this terminal can show."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    line = "".join(letter if letter.isprintable() else "?" for letter in text)
    return line.encode(encoding, "backslashreplace").decode(encoding)


def code(findings: Findings, fail_level: str) -> int:
    """Return the exit code: 1 for a finding of `fail_level` or worse, else 0."""
    order = "".join(LEVELS.values())
    bad = order[: order.index(LEVELS[fail_level]) + 1]
    return int(any(level(finding) in bad for finding in findings))
