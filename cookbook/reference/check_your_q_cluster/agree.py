"""Prove that the page's script judges as Python does.

Needs: mini-racer.

>>> len(differences(script()))
0

It would be seen: here the script has another rule than Python.

>>> len(differences(script().replace("(workers > 4)", "(workers > 40)")))
1

The calculator's numbers are Python's, too:

>>> numbers = {"workers": 3, "timeout": 45, "queue_limit": 9, "bulk": 2}
>>> engine = started(script())
>>> told = "JSON.stringify([...plan(new Map(Object.entries(JSON.parse(a))), b)])"
>>> calculator = engine.eval(f"((a, b) => {told})")
>>> for broker in ("orm", "redis", "sqs"):
...     told = json.loads(calculator(json.dumps(numbers), broker))
...     dict(told) == plan(numbers, broker)
True
True
True
"""

import json

from py_mini_racer import MiniRacer

from .cases import CASES, judged
from .plan import plan  # noqa: F401  The session above uses it.
from .substitutions import script  # noqa: F401

JUDGE = """
(source) => {
  try { return JSON.stringify(diagnose(read(source))); }
  catch (error) {
    if (error instanceof SyntaxError) return '"refused"';
    throw error;
  }
}
"""


def started(source):
    """Return a JavaScript engine that has run `source`."""
    engine = MiniRacer()
    engine.eval(source)
    return engine


def differences(source):
    """Return the cases that the script judges otherwise than Python."""
    engine = started(source)  # A function of the engine ends with it.
    judge = engine.eval(JUDGE)
    return [case for case in CASES if json.loads(judge(case)) != judged(case)]
