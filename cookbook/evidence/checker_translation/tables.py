"""Dictionaries of which some keys and values are unknown; this, too, is translated.

>>> from cookbook.evidence.checker_translation.tables import (
...     PERHAPS, REST, SURE, UNKNOWN, fill, put,
... )
>>> made = {"workers": 2}
>>> put(made, "workers", 4, PERHAPS)
>>> put(made, "orm", "default", SURE)
>>> made["workers"] is UNKNOWN, made["orm"]
(True, 'default')
>>> fill(made, UNKNOWN, SURE)
>>> made["orm"] is UNKNOWN, made[REST] is UNKNOWN
(True, True)
"""

from cookbook.qdoctor.values import Other, kind

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


def item(place, key):
    if kind(place) == "dict" and key is not UNKNOWN:
        return place.get(as_key(key), UNKNOWN)
    return UNKNOWN


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


def as_key(key):
    """Return a value as a key of a dictionary; the browser has its own."""
    return OTHER if kind(key) in ["dict", "list"] else key


def drop(place, key):
    place.pop(key, None)
