"""Explain a log in the browser, with the entries and the steps of qdoctor.

Needs: mini-racer.

The steps are written twice, in Python and in JavaScript. Both say the same of every
paste, whatever it is:

>>> from cookbook.troubleshooting.paste_a_log import CASES, HOSTILE, differences
>>> len(CASES) > 300, len(HOSTILE)
(True, 14)
>>> differences(CASES)
[]

The longest pastes end soon, in both together:

>>> from time import process_time
>>> start = process_time()
>>> differences(HOSTILE.values())
[]
>>> process_time() - start < 10
True

Entries that are no messages, such as one of which nothing is fixed, find nothing:

>>> from unittest.mock import patch
>>> from cookbook.troubleshooting.paste_a_log import ODD
>>> with patch("cookbook.qdoctor.explain.entries", lambda: ODD):
...     differences(CASES + [one.text for one in ODD])
[]

A wrong step is seen. Here a line end is forgotten:

>>> from cookbook.troubleshooting.paste_a_log.substitutions import script
>>> len(differences(["a\\x85ERROR b"], script().replace("\\\\x85", "")))
1
"""

import json
import re
from itertools import cycle, islice, pairwise

from cookbook.qdoctor import explain, logs

from .substitutions import script

EXPLAIN = """
(logs) => JSON.stringify(JSON.parse(logs).map((log) => {
  const { found, strange } = explain(log);
  const seen = found.map(({ entry, line, count }) => [entry.text, line, count]);
  return [seen, Array.from(strange)];
}))
"""
PREFIXES = ("", "10:02:11 [Q] INFO ", "Nov 29 10:02:11 web1 python[42]: ", "\t | ")
WORDS = (
    "Process-4a1b",
    "4711",
    "<b>",
    "\U0001d4b3-ray",
    "",
    "{}",
    "a 'b' (c)",
    "\x00",
    "שלום",
)
TRACEBACK = 'Traceback (most recent call last):\n{0}  File "a.py", line 1\n{0}{1}\n'


def filled(text):
    """Return a message as it stands in a log."""
    words = cycle(WORDS)
    return re.sub(r"{\w*}", lambda _: next(words), text)


MESSAGES = [filled(entry.text) for entry in explain.entries()] + [
    "reincarnated worker after death", "got signal", "x got signal 2", "Q Cluster",
    "ERROR a", "an error", "CRITICAL", "_ERROR_", "FATAL: role", "ValueError", "a.B: c",
    "  shop.NoAddressError: 4711", "ValueErrors: a", "KeyError 'a'", "ÄError: b",
]  # fmt: skip
ENDS = ("\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028")
CASES = [
    *(before + one for one in MESSAGES for before in PREFIXES),
    *(first + end + second + end
      for first, end, second in zip(MESSAGES * 9, cycle(ENDS), MESSAGES[3:] * 9)),
    *(before + TRACEBACK.format(after, last)
      for before in PREFIXES for after in PREFIXES
      for last in ("shop.Bad: 1", "", "  x", "ValueError", *MESSAGES[:3])),
    *(f"{a}\n{a}\n{b}\n{a}" for a, b in pairwise(MESSAGES)),
    *("ERROR " + "x" * n + "\U0001d4b3" * 9 + " \t y" for n in range(280, 300)),
]  # fmt: skip
HOSTILE = {
    "one line": "reincarnated worker " * 250_000,
    "one line of all messages": " ".join(islice(cycle(MESSAGES), 90_000)),
    "one letter": "a" * 5_000_000,
    "dots": "a." * 2_500_000,
    "spaces": " " * 5_000_000 + "x",
    "200,000 lines": "recycled worker Process-1\n" * 200_000,
    "200,000 lines of all messages": "\n".join(islice(cycle(MESSAGES), 200_000)),
    "200,000 unknown lines": "".join(f"ERROR {n:b}\n" for n in range(200_000)),
    "line ends": "\n" * 5_000_000,
    "more than is read": "reincarnated worker a after death\n" + "b\n" * 2_500_000,
    "bytes": "".join(map(chr, range(256))) * 4_000,
    "lone surrogates": "\ud800 ERROR \udfff recycled worker \udc80\n" * 1_000,
    "HTML": "<script>alert(1)</script> ERROR <img src=x onerror=alert(1)>\n" * 1_000,
    "right to left": "\u202e ERROR שגיאה \u2066 recycled worker עובד\n" * 1_000,
}
ODD = [
    explain.Entry(text, "odd", n % 4, "", "")
    for n, text in enumerate([
        "{}", "{a}{b}", "", "\n", " {a} ", "{a}: {b}", "{a} after {b}", "Process",
        "ERROR", "a {b}\nc {d}", "ab{c}ab{d}ab", "recycled worker {name}",
        "recycled worker {name} now", "<script>{a}</script>", "\U0001d4b3-ray {b}",
    ])
]  # fmt: skip


def differences(pastes, steps=None):
    """Return the pastes of which the page says other things than the command."""
    from py_mini_racer import MiniRacer  # The site itself is built without it.

    engine = MiniRacer()
    engine.eval(steps or script())
    run = engine.eval(EXPLAIN)
    pastes = list(pastes)
    answers = [
        answer for one in pastes for answer in json.loads(run(json.dumps([one])))
    ]
    both = zip(pastes, answers, strict=True)
    return [one[:60] for one, answer in both if answer != by_python(one)]


def by_python(log):
    """Return what the command says of a log, in the words of the page."""
    text = explain.tidy(log)
    held = explain.entries_of_lines(text)
    answers = explain.matches(text, held)
    strange = logs.unknown(text, held)
    return [
        [[match.entry.text, match.line, match.count] for match in answers],
        [list(pair) for pair in strange.items()],
    ]
