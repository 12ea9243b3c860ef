"""What settings a text makes, without running it; this, too, is translated.

A text is read as statements in plain lists, by `syntax.py` in Python and by `reader.js`
in the browser. What cannot be computed is `UNKNOWN`: a call, an imported name, a value
that depends on an `if` whose test is unknown.

>>> from cookbook.evidence.checker_translation.settle import settle, unknowns
>>> from cookbook.evidence.checker_translation.syntax import statements
>>> from cookbook.evidence.checker_translation.tables import UNKNOWN
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

from cookbook.qdoctor.project import SETTINGS
from cookbook.qdoctor.values import DEPTH, describe, kind

from .expressions import value
from .tables import (
    LOOPED,
    OTHER,
    PERHAPS,
    REST,
    SURE,
    UNKNOWN,
    as_key,
    drop,
    fill,
    item,
    put,
)

# The settings that the rules read, and an environment variable.
NAMES = [*SETTINGS, "Q_CLUSTER_NAME"]


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


def remove(names, path, how):
    last = len(path) - 1
    place = find(names, path[:last])
    if kind(place) == "dict" and how == SURE and path[last] is not UNKNOWN:
        drop(place, as_key(path[last]))
    else:
        assign(names, path, UNKNOWN, how)


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
