"""What a rule is, and what the rules share.

A rule is a generator function: it reads settings that are plain data, and for each
mistake it yields a message and a hint. `given` holds the settings by name; what is
not in it is not known, and a rule that needs it says nothing.

>>> from cookbook.qdoctor.rules import Other, RULES, diagnose, plain, rule, sound
>>> @rule("shop.W001", "The cluster has no name")
... def nameless(given):
...     if not sound(given)["name"]:
...         yield "name is empty", "Give the cluster a name."
>>> diagnose({"Q_CLUSTER": {"name": ""}}, [RULES.pop()])[0]["message"]
'name is empty'

What is no plain data becomes `Other`, and is never asked anything:

>>> plain({"a": object()})["a"] is Other, plain({"b": (1, {2: [3]})})
(True, {'b': [1, {2: [3]}]})
>>> class Lazy:
...     __class__ = property(lambda self: 1 / 0)
>>> plain(Lazy()) is Other, plain({(1, 2): 3}) == {Other: 3}
(True, True)
>>> class Table(dict):
...     get = items = __iter__ = None
>>> plain(Table(orm="default"))
{'orm': 'default'}
>>> endless = {}
>>> endless["again"] = endless
>>> str(plain(endless)).count("again")
5
>>> len(plain(list(range(100_000))))
2000
"""

from ctypes import c_float

from .keys import BROKERS, KEYS

RULES = []
DEPTH, MANY, LONG = 5, 2_000, 2_000  # How much of a setting is read.


class Other:
    """Stands for a value that is no plain data."""


def rule(identifier, title, deploy=False, rules=RULES):
    """Register a rule. Its level is the letter after the dot: E, W or I.

    One with `deploy` is asked by `check --deploy` and `qdoctor`, not by `check`.
    """

    def register(function):
        one = {"id": identifier, "title": title, "deploy": deploy}
        rules.append(one | {"function": function})
        return function

    return register


def diagnose(given, rules=None):
    """Return what the rules find, as dictionaries that JSON can hold."""
    asked = sorted(RULES if rules is None else rules, key=lambda one: one["id"][-3:])
    return [
        {"id": one["id"], "message": message, "hint": hint}
        for one in asked
        for message, hint in one["function"](given)
    ]


def plain(value, depth=DEPTH):
    """Return a copy in which everything is a literal, or `Other`; cut what is huge."""
    if issubclass(type(value), str):  # A lazy object would answer isinstance.
        return str.__str__(value)[:LONG]
    if value is None or type(value) in (bool, int, float):
        return value
    table = issubclass(type(value), dict)  # It may have methods of its own.
    if not depth or not (table or type(value) in (list, tuple)):
        return Other
    if table:
        return {
            plain(key, 0): plain(inside, depth - 1)
            for key, inside in list(dict.items(value))[:MANY]
        }
    return [plain(inside, depth - 1) for inside in value[:MANY]]


def kind(value):
    """Return the name of a value's type: str, int, ..., None or other.

    >>> from cookbook.qdoctor.rules import Other, kind
    >>> [kind(value) for value in (True, 1, 1.5, "a", None, [], {}, Other)]
    ['bool', 'int', 'float', 'str', 'None', 'list', 'dict', 'other']
    """
    if value is None or value is Other:
        return "other" if value else "None"
    return type(value).__name__


def shown(value):
    """Return a value in the words of a message; what is inside of it may be secret.

    >>> from cookbook.qdoctor.rules import shown
    >>> print(shown("a"), shown(None), shown(60.0), shown({}), shown(10**5000))
    'a' None 60.0 a dict a huge number
    """
    if kind(value) == "str":
        return f"'{value[:40]}'"
    if kind(value) in ("dict", "list", "other"):
        return "an object" if kind(value) == "other" else f"a {kind(value)}"
    if kind(value) in ("int", "float") and not -1e9 < value < 1e9:
        return "a huge number"
    return repr(value)


def nearest(word, words):
    """Return the one of `words` that `word` is a misspelling of, or "".

    >>> from cookbook.qdoctor.keys import KEYS
    >>> from cookbook.qdoctor.rules import nearest
    >>> nearest("max_attempt", KEYS), nearest("ORM", KEYS), nearest("colour", KEYS)
    ('max_attempts', 'orm', '')
    """
    best, least = "", max(1, min(len(word), 30) // 3) + 1
    for candidate in words:
        steps = distance(word.lower()[:30], candidate.lower())
        if steps < least:
            best, least = candidate, steps
    return best


def distance(one, other):
    """Return how many letters to add, drop or change from one word to the other."""
    row = list(range(len(other) + 1))
    for letter in one:
        above = row
        row = [above[0] + 1]
        for place in range(len(other)):
            changed = above[place] + (0 if letter == other[place] else 1)
            row = [*row, min(above[place + 1] + 1, row[place] + 1, changed)]
    return row[len(other)]


def cluster(given):
    """Return Q_CLUSTER as it is written, or an empty dictionary."""
    written = given.get("Q_CLUSTER")
    return written if kind(written) == "dict" else {}


def configured(given):
    """Return whether Q_CLUSTER is known and a dictionary."""
    return kind(given.get("Q_CLUSTER")) == "dict"


def sound(given):
    """Return every key: its value if that has a right type, else its default.

    >>> from cookbook.qdoctor.rules import sound
    >>> values = sound({"Q_CLUSTER": {"workers": 3, "timeout": "60"}, "CPUS": 8})
    >>> values["workers"], values["queue_limit"], values["timeout"]
    (3, 9, None)
    """
    written, values = cluster(given), {}
    for key in KEYS:
        fits = key in written and kind(written[key]) in KEYS[key]["kinds"]
        values[key] = written[key] if fits else KEYS[key]["default"]
    if not values["workers"]:
        values["workers"] = given.get("CPUS", 4)
    if values["queue_limit"] == KEYS["queue_limit"]["default"]:
        values["queue_limit"] = values["workers"] * values["workers"]
    return values


def broker(given):
    """Return the key that decides about the broker, or "" where none does.

    >>> from cookbook.qdoctor.rules import broker
    >>> broker({"Q_CLUSTER": {"redis": {"host": "queue"}, "orm": "default"}})
    'orm'
    >>> broker({"Q_CLUSTER": {"sqs": {}, "orm": "default"}})  # It may be empty.
    'sqs'
    """
    written = cluster(given)
    for key in BROKERS:
        value = written.get(key)
        if kind(value) == "dict" if key == "sqs" else value:
            return key
    return "redis" if "redis" in written else ""


def acknowledges(given):
    """Return whether the broker hands a task out again that nobody acknowledged."""
    return broker(given) in ["orm", "sqs", "mongo", "iron_mq"]


def handed_out(values, named):
    """Return how many tasks a broker hands out at once, or 0 for the whole queue.

    Redis and MongoDB hand out one whatever `bulk` says, SQS no more than ten.

    >>> from cookbook.qdoctor.rules import handed_out
    >>> [handed_out({"bulk": 50}, named) for named in ("orm", "redis", "sqs")]
    [50, 1, 10]
    """
    bulk = values["bulk"]
    if named in ["redis", "django_redis", "mongo", ""]:
        return 1
    most = 10 if named == "sqs" else 0
    if bulk is None or not bulk < 1e9:
        return most
    return min(most or 1e9, max(1, int(bulk)))


def longest_hold(values, named):
    """Return the most seconds from pickup to end of a task, or 0 without a bound.

    A task that is picked up waits behind a full queue in memory, and each task in
    it may take the whole `timeout`. One of 0 lets a task run for three seconds.

    >>> from cookbook.qdoctor.rules import longest_hold
    >>> numbers = {"workers": 4, "timeout": 30, "queue_limit": 16, "bulk": 5}
    >>> longest_hold(numbers, "orm"), longest_hold(numbers, "redis")
    (210, 180)
    >>> longest_hold(numbers | {"timeout": 0}, "redis")
    18
    """
    workers, timeout, limit = (
        values["workers"], values["timeout"], values["queue_limit"],
    )  # fmt: skip
    bulk = handed_out(values, named)
    if timeout is None or timeout < 0 or not limit or min(workers, limit, bulk) < 1:
        return 0
    rounds = 0 - (0 - limit - bulk) // workers  # Rounded up.
    return (timeout or 3) * (1 + rounds)


def single(number):
    """Return a number as the timer of a worker holds it, in 32 bits."""
    return c_float(number).value


def meets_zero(timeout, cycle):
    """Return whether the guard, which subtracts its cycle, comes to exactly 0.

    >>> from cookbook.qdoctor.rules import meets_zero
    >>> meets_zero(60, 0.5), meets_zero(60, 0.3)
    (True, False)
    """
    timer, most = single(timeout + 3), 100_000  # Nobody waits for more.
    for _ in range(int(min(most, 2 * timer / cycle + 2))):
        if timer <= 0:
            return timer == 0
        timer = single(timer - cycle)
    return True
