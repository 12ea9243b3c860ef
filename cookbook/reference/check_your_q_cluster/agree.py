"""Prove that the page's script judges as Python does.

Needs: mini-racer.

>>> import json
>>> from cookbook.reference.check_your_q_cluster.agree import differences, started
>>> from cookbook.reference.check_your_q_cluster.plan import plan
>>> from cookbook.reference.check_your_q_cluster.substitutions import script
>>> len(differences(script()))
0

It would be seen: here the script has another rule than Python.

>>> len(differences(script().replace("(limit > 1000)", "(limit > 5000000)")))
1

The calculator's numbers are Python's, too:

>>> numbers = {"workers": 3, "timeout": 45, "queue_limit": 9, "bulk": 12, "poll": 2.5}
>>> engine = started(script())
>>> told = "JSON.stringify([...plan(new Map(Object.entries(JSON.parse(a))), b)])"
>>> calculator = engine.eval(f"((a, b) => {told})")
>>> for broker in ("orm", "redis", "sqs"):
...     for timeout in (45, 0, None, -1):
...         numbers["timeout"] = timeout
...         told = json.loads(calculator(json.dumps(numbers), broker))
...         assert dict(told) == plan(numbers, broker), (broker, timeout)
"""

import json

from py_mini_racer import MiniRacer

from .cases import CASES, judged

JUDGE = """
(sources) => JSON.stringify(JSON.parse(sources).map((source) => {
  try { return diagnose(read(source)); }
  catch (error) {
    if (error instanceof SyntaxError) return "refused";
    throw error;
  }
}))
"""


def started(source):
    """Return a JavaScript engine that has run `source`."""
    engine = MiniRacer()
    engine.eval(source)
    return engine


def differences(source):
    """Return the cases that the script judges otherwise than Python."""
    engine = started(source)  # A function of the engine ends with it.
    told = json.loads(engine.eval(JUDGE)(json.dumps(CASES)))
    both = zip(CASES, told, strict=True)
    return [case for case, said in both if said != judged(case)]
