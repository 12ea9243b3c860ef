"""What settings a text makes, without running it; this, too, is translated.

A text is read as statements in plain lists, by `syntax.py` in Python and by `reader.js`
in the browser. What cannot be computed is `UNKNOWN`: a call, an imported name, a value
that depends on an `if` whose test is unknown.

>>> from cookbook.evidence.checker_translation.settle import UNKNOWN, settle, unknowns
>>> from cookbook.evidence.checker_translation.syntax import statements
>>> given = settle(statements('''
... HOUR: int = 60 * 60
... Q_CLUSTER = dict(BASE, orm="default", timeout=HOUR // 2)
... if env.bool("DEBUG"):
...     Q_CLUSTER["sync"] = True
... '''), ["Q_CLUSTER", "DATABASES"])
>>> list(unknowns(given))
['**', 'sync']
>>> given["Q_CLUSTER"]["timeout"], given["Q_CLUSTER"]["sync"] is UNKNOWN
(1800, True)
"""

import operator

from cookbook.qdoctor.project import SETTINGS
from cookbook.qdoctor.values import DEPTH, Other, describe, kind

# The settings that the rules read, and an environment variable.
NAMES = [*SETTINGS, "Q_CLUSTER_NAME"]
OTHER = Other
# A key for keys that are unknown, such as those of `**BASE`.
REST = "**"
# Of a dictionary with more keys, nobody copies the values one by one.
MANY = 200
# How surely a statement runs: once, once or never, many times or never.
SURE, PERHAPS, LOOPED = 2, 1, 0


class Unknown:
    """Stands for a value that is not in the text."""


UNKNOWN = Unknown


def settle(body, wanted):
    """Return the wanted settings that the statements set."""
    names, settings = {}, {}
    run(body, names, SURE)
    for name in [name for name in wanted if name in names]:
        deep = names[name]
        if name != "Q_CLUSTER" and kind(deep) == "dict" and REST in deep:
            deep = UNKNOWN
        if name == "Q_CLUSTER_NAME" and kind(deep) != "str":
            deep = UNKNOWN  # A variable of the environment is a string.
        settings[name] = plain_copy(deep, DEPTH)
    return settings


def plain_copy(place, depth):
    """Return a value as `plain` does; what is inside is known as a whole or not."""
    if not depth and kind(place) in ["dict", "list"]:
        return OTHER
    if kind(place) == "list":
        parts = [plain_copy(part, depth - 1) for part in place]
        return UNKNOWN if UNKNOWN in parts else parts
    if kind(place) != "dict":
        return place
    if depth < DEPTH and REST in place:
        return UNKNOWN
    made = {}
    for key in place:
        made[key] = plain_copy(place[key], depth - 1)
    return made


def run(body, names, how):
    for node in body:
        what = node[0]
        if what == "set":
            assign(names, address(node[1], names), value(node[2], names), how)
        elif what == "update":
            update(names, address(node[1], names), value(node[2], names), how)
        elif what == "forget":
            names[node[1]] = UNKNOWN
        elif what == "delete":
            remove(names, address(node[1], names), how)
        elif what == "branch":
            branch(node[1], names, how)
        else:
            run(node[1], names, LOOPED if what == "loop" else min(how, PERHAPS))


def branch(choices, names, how):
    """Run the body whose test is true, and each that may be."""
    waiting, sure = True, how
    for test, body in choices:
        answer = value(test, names) if waiting else False
        if answer is UNKNOWN:
            sure = min(how, PERHAPS)
            run(body, names, sure)
        elif answer:
            run(body, names, sure)
            waiting = False


def address(path, names):
    """Return a name and the values of the keys behind it."""
    return [path[0], *[value(part, names) for part in path if kind(part) == "list"]]


def find(names, path):
    """Return what stands at a path, or UNKNOWN."""
    place = names
    for key in path:
        place = item(place, key)
    return place


def item(place, key):
    if kind(place) == "dict" and key is not UNKNOWN:
        return place.get(as_key(key), UNKNOWN)
    return UNKNOWN


def assign(names, path, fresh, how):
    last = len(path) - 1
    place = find(names, path[:last])
    if not last and path[0] not in names and how != LOOPED:
        names[path[0]] = fresh
    elif kind(place) == "dict":
        put(place, path[last], fresh, how)
    elif last == 1:
        made = {REST: UNKNOWN}
        put(made, path[1], fresh, how)
        names[path[0]] = made if place is UNKNOWN else UNKNOWN


def put(place, key, fresh, how):
    """Set a key of a dictionary, as surely as the statement runs."""
    if key is UNKNOWN:
        spoil(place)
    elif how == SURE:
        place[as_key(key)] = fresh
    elif how == PERHAPS:
        place[as_key(key)] = merge(item(place, key), fresh)
    else:
        place[as_key(key)] = UNKNOWN


def update(names, path, fresh, how):
    place = find(names, path)
    if kind(place) == "dict":
        fill(place, fresh, how)
    elif place is UNKNOWN:
        made = {REST: UNKNOWN}
        fill(made, fresh, SURE)
        assign(names, path, made, how)
    else:
        assign(names, path, UNKNOWN, how)


def fill(place, fresh, how):
    """Set the keys of one dictionary in another."""
    small = kind(fresh) == "dict" and len(fresh) <= MANY
    if not small or REST in fresh:
        spoil(place)
    for key in fresh if small else {}:
        put(place, key, fresh[key], how)


def spoil(place):
    """Forget all values of a dictionary, in which any key may have been set."""
    small = len(place) <= MANY
    for key in list(place):
        if small:
            place[key] = UNKNOWN
        else:
            drop(place, key)
    place[REST] = UNKNOWN


def remove(names, path, how):
    last = len(path) - 1
    place = find(names, path[:last])
    if kind(place) == "dict" and how == SURE and path[last] is not UNKNOWN:
        drop(place, as_key(path[last]))
    else:
        assign(names, path, UNKNOWN, how)


def merge(one, other):
    """Return what is the same in both, for a value that is one or the other."""
    if one is other or one is UNKNOWN or other is UNKNOWN:
        return one if one is other else UNKNOWN
    if kind(one) != kind(other) or kind(one) in ["list", "other"]:
        return UNKNOWN
    if kind(one) != "dict":
        return one if one == other else UNKNOWN
    made = {}
    for key in one:
        made[key] = merge(one[key], other.get(key, UNKNOWN))
    for key in other:
        if key not in one:
            made[key] = UNKNOWN
    return made


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


def unknowns(settings):
    """Yield where the unknown values are that a rule may ask for."""
    for name in settings:
        if settings[name] is UNKNOWN:
            yield name
        elif kind(settings[name]) == "dict":
            # Of a database or a cache the rules do not read every value.
            ours = name == "Q_CLUSTER"
            place, depth = "" if ours else name, 3 if ours else 1
            yield from unknown_keys(settings[name], place, depth)


def unknown_keys(place, name, depth):
    for key in place:
        path = f"{name}[{describe(key)}]" if name else f"{key}"
        if place[key] is UNKNOWN:
            if depth > 0 or key in ["BACKEND", "ENGINE", "OPTIONS"]:
                yield path
        elif kind(place[key]) == "dict":
            yield from unknown_keys(place[key], path, depth - 1)


def as_key(key):
    """Return a value as a key of a dictionary; the browser has its own."""
    return OTHER if kind(key) in ["dict", "list"] else key


def drop(place, key):
    place.pop(key, None)


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


LONG, MOST = 10_000, 10**15
DIVIDES = ("/", "//", "%")
FIGURES = {"+": operator.add, "-": operator.sub, "*": operator.mul,
           "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
           "**": operator.pow}  # fmt: skip
