"""Compare the calculator of the page with the Python module, in the engine V8.

Needs: mini-racer.

Hypothesis makes the inputs, bad ones too. Every number and every sentence is the same:

>>> from cookbook.evidence.waiting_times.agreement import count, differences
>>> count(), differences()
({'begins': ..., 'grows': ..., 'is refused': ...}, [])
>>> sum(count().values())
1000

A mistake in the page is seen:

>>> from cookbook.evidence.waiting_times.substitutions import script
>>> for right, mistake in {
...     "queues > 0.05": "queues > 0.06",
...     "(load.workers + 3)": "(load.workers + 2)",
...     "least <= value": "least < value",
...     "growth >= 0.05": "growth >= 0.06",
... }.items():
...     assert right in script()
...     print(bool(differences(script().replace(right, mistake))))
True
True
True
True
"""

import json
import math
from collections import Counter
from dataclasses import asdict
from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from cookbook.scaling.how_many_workers.forecast import (
    FIELDS,
    Load,
    enough,
    forecast,
    number,
    span,
    until,
    verdict,
)

from .substitutions import script

# JSON has no Infinity; a name says which it is.
ANSWER = """
(loads) => JSON.stringify(JSON.parse(loads).map(({ load, wait, tasks }) => {
  const wrong = complaint(load);
  if (wrong) return { wrong };
  return {
    ...forecast(load), enough: enough(load, wait), until: until(load, tasks),
    verdict: verdict(load), number: number(tasks), span: span(wait),
  };
}), (name, value) => (value === Infinity ? "Infinity" : value))
"""
MISTAKES = [
    {name: value}
    for name, (least, most, _) in FIELDS.items()
    for value in (least, most, least / 2, most * 2, 0, 0.5, -1, 5e-324)
]


@st.composite
def loads(draw):
    """Return a load from 5 to 130 % of what can be done; one in five is odd."""
    load = {
        "seconds": draw(st.floats(0.001, 60)),
        "spread": draw(st.floats(0, 4)),
        "part": draw(st.sampled_from([0, 0.1, 0.5, 1]) | st.floats(0, 1)),
        "workers": draw(st.integers(1, 60)),
        "clusters": draw(st.integers(1, 4)),
        "cores": draw(st.integers(1, 16)),
        "megabytes": draw(st.integers(0, 500)),
    }
    share = draw(st.one_of(*[st.floats(0.05, 1.3)] * 9, st.just(1)))
    load["arrivals"] = share * forecast(Load(1, **load)).capacity
    return load | draw(st.sampled_from([{}] * 4 * len(MISTAKES) + MISTAKES))


ASKED = st.tuples(loads(), st.floats(0, 10), st.integers(0, 10**7))


@cache
def cases(examples=1000):
    """Return inputs, and what Python says of each."""
    made = []

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(ASKED)
    def collect(case):
        made.append((case, by_python(*case)))

    collect()
    return made


def by_python(load, wait, tasks):
    """Return what the module says of a load, or its complaint."""
    try:
        load = Load(**load)
    except ValueError as error:
        return {"wrong": str(error)}
    return asdict(forecast(load)) | {
        "enough": enough(load, wait),
        "until": until(load, tasks),
        "verdict": verdict(load),
        "number": number(tasks),
        "span": span(wait),
    }


def count():
    """Return how many inputs have an end of the queue, have none, or are refused."""
    kinds = Counter(
        "is refused" if "wrong" in expected else
        "begins" if expected["wait"] < math.inf else "grows"
        for _, expected in cases()
    )  # fmt: skip
    return dict(sorted(kinds.items()))


def same(one, other):
    """Say whether two answers agree; the last digit of a logarithm may differ."""
    if isinstance(one, float):
        return math.isclose(one, float(other), rel_tol=1e-12)
    return one == other


def differences(source=None):
    """Return the inputs of which the page says other things than the module."""
    racer = MiniRacer()
    racer.eval(source or script())
    names = "load", "wait", "tasks"
    asked = [dict(zip(names, case, strict=True)) for case, _ in cases()]
    answers = json.loads(racer.eval(ANSWER)(json.dumps(asked)))
    return [
        case
        for (case, expected), answer in zip(cases(), answers, strict=True)
        if expected.keys() != answer.keys()
        or not all(same(expected[name], answer[name]) for name in expected)
    ]
