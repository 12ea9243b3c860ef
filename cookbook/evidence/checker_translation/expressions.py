"""The value of an expression, or UNKNOWN; this, too, is translated.

>>> from cookbook.evidence.checker_translation.expressions import value
>>> value(["sum", "*", ["value", 60], ["name", "MINUTES"]], {"MINUTES": 2})
120
"""

import operator

from cookbook.qdoctor.values import kind

from .tables import SURE, UNKNOWN, fill, item, merge, put

LONG, MOST = 10_000, 10**15
DIVIDES = ("/", "//", "%")
FIGURES = {"+": operator.add, "-": operator.sub, "*": operator.mul,
           "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
           "**": operator.pow}  # fmt: skip


def value(node, names):
    """Return the value of an expression."""
    what = node[0]
    if what == "value":
        return node[1]
    if what == "name":
        return names.get(node[1], UNKNOWN)
    if what == "list":
        return [value(part, names) for part in node[1]]
    if what == "dict":
        return table(node[1], names)
    if what == "item":
        return item(value(node[1], names), value(node[2], names))
    if what == "sum":
        one, other = value(node[2], names), value(node[3], names)
        if node[1] != "|":
            return calculate(node[1], one, other)
        if kind(one) != "dict" and kind(other) != "dict":
            return UNKNOWN
        made = {}
        fill(made, one, SURE)
        fill(made, other, SURE)
        return made
    if what in ["not", "and", "or", "choose"]:
        return decide(node, names)
    return UNKNOWN


def decide(node, names):
    """Return the value of an expression that asks whether another is true."""
    what, test = node[0], value(node[1], names)
    if what == "choose":
        one, other = value(node[2], names), value(node[3], names)
        if test is UNKNOWN:
            return merge(one, other)
        return one if test else other
    if test is UNKNOWN:
        return UNKNOWN
    if what == "not":
        return not test
    stops = not test if what == "and" else test
    return test if stops else value(node[2], names)


def table(pairs, names):
    """Return a dictionary; a pair without a key is one that is spread."""
    made = {}
    for key, inside in pairs:
        fresh = value(inside, names)
        if key is None:
            fill(made, fresh, SURE)
        else:
            put(made, value(key, names), fresh, SURE)
    return made


def calculate(sign, one, other):
    """Return the result of a sum, or UNKNOWN; the browser has its own.

    What two languages may compute otherwise is unknown: huge numbers, fractions of
    fractions.
    """
    kinds = {kind(one), kind(other)}
    if kinds in ({"str"}, {"list"}) and sign == "+" and len(one) + len(other) < LONG:
        return one + other
    whole = kinds <= {"int", "bool"}
    signs = FIGURES if whole else "+-*/"
    if not kinds <= {"int", "bool", "float"} or sign not in signs:
        return UNKNOWN
    if sign in DIVIDES and not other:
        return UNKNOWN
    if sign == "**" and not (0 <= other <= 10 and abs(one) <= 1000):
        return UNKNOWN
    result = FIGURES[sign](one, other) if max(abs(one), abs(other)) < MOST else MOST
    return result if abs(result) < MOST else UNKNOWN
