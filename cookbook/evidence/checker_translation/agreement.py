"""Compare the rules in Python with their translation in a JavaScript engine.

Needs: mini-racer.

A wrong translation is seen. Here the script has another rule than Python:

>>> from cookbook.evidence.checker_translation.agreement import (
...     differences, hostile, plan_differences,
... )
>>> from cookbook.evidence.checker_translation.translate import script
>>> len(differences(script().replace("(limit > 1000)", "(limit > 5000000)")))
3

Here the calculator adds a second to the shutdown:

>>> len(plan_differences(script().replace("+ 10)", "+ 11)")))
6

No text takes the page's time: each of these has a million letters or is nested deeply.

>>> for text, said in hostile(script()).items():
...     print(f"{text!r}: {said}")
'{{{{{{{{': line 1: { is never closed
'((((((((': line 1: this is nested too deeply
'--------': line 1: this is nested too deeply
'lambda: ': line 1: this is nested too deeply
'a = 1\\nif': 0 findings
"X = 'aaa": line 1: a string is not closed
'B = {**B': 0 findings
'        ': 0 findings
"""

import json

from py_mini_racer import MiniRacer

from cookbook.reference.check_your_q_cluster.plan import plan

from .cases import CASES, judge

JUDGE = """
(sources) => JSON.stringify(JSON.parse(sources).map((source) => {
  try {
    const given = read(source), found = certain(given);
    const plain = found.map((one) => Object.fromEntries(one));
    const more = likely(given).map((one) => Object.fromEntries(one));
    return { found: plain, likely: more, unknown: [...unknowns(given)] };
  } catch (error) {
    if (error instanceof SyntaxError) return "refused";
    throw error;
  }
}))
"""
PLAN = """
(values, broker) =>
  JSON.stringify([...plan(new Map(Object.entries(JSON.parse(values))), broker)])
"""
NUMBERS = {"workers": 3, "queue_limit": 9, "bulk": 12, "poll": 2.5}
PLANS = [
    (NUMBERS | {"timeout": timeout}, broker)
    for broker in ("orm", "redis", "sqs")
    for timeout in (45, 0, None, -1)
]


HOSTILE = [
    "{" * 1_000_000, "(" * 9_000 + ")" * 9_000, "-" * 9_000 + "1", "lambda: " * 9_000,
    "a = 1\nif a: a = 2\n" * 50_000, "X = '" + "a" * 1_000_000, "B = {**B}\n" * 90_000,
    " " * 1_000_000,
]  # fmt: skip
READ = """
(source) => {
  try { return `${certain(read(source)).length} findings`; }
  catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}
"""


def hostile(source):
    """Return what the script says of each text that is made to stop it."""
    running = engine(source)
    read = running.eval(READ)
    return {text[:8]: read(text, timeout_sec=30) for text in HOSTILE}


def engine(source):
    """Return a JavaScript engine that has run `source`."""
    started = MiniRacer()
    started.eval(source)
    return started


def differences(source):
    """Return the cases that the script judges otherwise than Python."""
    running = engine(source)  # A function of the engine ends with it.
    answers = json.loads(running.eval(JUDGE)(json.dumps(CASES)))
    both = zip(CASES, answers, strict=True)
    return [case for case, answer in both if answer != judge(case)]


def plan_differences(source):
    """Return the numbers for which the script's calculator differs from Python's."""
    running = engine(source)
    calculator = running.eval(PLAN)
    return [
        (values, broker)
        for values, broker in PLANS
        if dict(json.loads(calculator(json.dumps(values), broker)))
        != plan(values, broker)
    ]
