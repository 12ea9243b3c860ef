"""What a rule is, and what the rules share.

A rule is a generator function: it reads settings that are plain data, and for each
mistake it yields a message and a hint. A rule that needs a setting which is not in
`settings` says nothing. This is one more:

>>> from cookbook.qdoctor.rules import diagnose, rule, sound
>>> SHOP = []
>>> @rule("shop.W001", "The cluster has no name", rules=SHOP)
... def nameless(settings):
...     if not sound(settings)["name"]:
...         yield "name is empty", "Give the cluster a name."
>>> diagnose({"Q_CLUSTER": {"name": ""}}, SHOP)
[{'id': 'shop.W001', 'message': 'name is empty', 'hint': 'Give the cluster a name.'}]
"""

from collections.abc import Callable, Iterator
from typing import Any

from .keys import BROKERS, CLASSES, KEYS
from .values import kind

Settings = Any  # A dictionary whose values can be of any type; `kind` says which.
Findings = Iterator[tuple[str, str]]
RULES: list[dict[str, Any]] = []


def rule(
    identifier: str,
    title: str,
    deploy: bool = False,
    rules: list[dict[str, Any]] = RULES,
) -> Callable:
    """Register a rule. Its level is the letter after the dot: E, W or I.

    One with `deploy` runs with `check --deploy` and `qdoctor`, not with `check`.
    """

    def register(function: Callable[[Settings], Findings]) -> Callable:
        one = {"id": identifier, "title": title, "deploy": deploy}
        rules.append(one | {"function": function})
        rules.sort(key=lambda one: one["id"][-3:])
        return function

    return register


def diagnose(settings: Settings, rules: list | None = None) -> list[dict[str, str]]:
    """Return what the rules find, as dictionaries that JSON can hold."""
    return [
        {"id": one["id"], "message": message, "hint": hint}
        for one in (RULES if rules is None else rules)
        for message, hint in one["function"](settings)
    ]


def written(settings: Settings) -> Settings:
    """Return Q_CLUSTER as it is written, or an empty dictionary."""
    keys = settings.get("Q_CLUSTER")
    return keys if kind(keys) == "dict" else {}


def alternative(settings: Settings) -> str:
    """Return the Q_CLUSTER_NAME, or "" where it is the name that Q_CLUSTER has."""
    name, keys = settings.get("Q_CLUSTER_NAME"), written(settings)
    if kind(name) != "str" or name in [keys.get("name"), keys.get("cluster_name")]:
        return ""  # A variable of the environment is a string.
    return name


def cluster(settings: Settings) -> Settings:
    """Return the keys that a cluster uses: Q_CLUSTER, and its entry in ALT_CLUSTERS."""
    name, keys = alternative(settings), written(settings)
    if not name:
        return keys
    others: Settings = keys.get("ALT_CLUSTERS")
    table: Settings = others if kind(others) == "dict" else {}
    own: Settings = table.get(name)
    entry: Settings = own if kind(own) == "dict" else {}
    merged = {**keys, "cluster_name": name, "ALT_CLUSTERS": None}
    for key in entry:
        if key not in ["name", "cluster_name"]:
            merged[key] = entry[key]
    return merged


def configured(settings: Settings) -> bool:
    """Return whether Q_CLUSTER is there and a dictionary."""
    return kind(settings.get("Q_CLUSTER")) == "dict"


def fits(key: str, value: Settings) -> bool:
    """Return whether a value has a right type and is in the range of its key."""
    limits = KEYS[key]
    if kind(value) not in limits["kinds"]:
        return False
    low, high = limits.get("least"), limits.get("most")
    number = kind(value) in ["int", "float", "bool"]
    if number and high is not None and not value <= high:
        return False
    return not (number and low is not None and not value >= low)


def sound(settings: Settings) -> Settings:
    """Return every key: its value if that fits, else its default."""
    keys, values = cluster(settings), {}
    for key in KEYS:
        absent = KEYS[key].get("absent") and not keys.get(key)
        right = key in keys and not absent and fits(key, keys[key])
        values[key] = keys[key] if right else KEYS[key]["default"]
    if not values["workers"]:
        values["workers"] = settings.get("CPUS", 4)
    if "queue_limit" in keys and not keys["queue_limit"]:
        values["queue_limit"] = 0
    if values["queue_limit"] == KEYS["queue_limit"]["default"]:
        values["queue_limit"] = values["workers"] * values["workers"]
    return values


def broker(settings: Settings) -> str:
    """Return the key that decides about the broker, or "" where none does."""
    keys, findings = cluster(settings), settings.get("FOUND", {})
    for key in BROKERS:
        value = keys.get(key)
        # The one of SQS may be empty. Without its package, django_redis is ignored.
        counts = kind(value) == "dict" if key == "sqs" else value
        if counts and (key != "django_redis" or findings.get(key, True)):
            return key
    return "redis" if "redis" in keys else ""


def base(settings: Settings) -> str:
    """Return the key of the broker that works like this one, or "" if none is known."""
    named = broker(settings)
    if named == "broker_class":
        path = cluster(settings)["broker_class"]
        own = CLASSES.get(path, "") if kind(path) == "str" else ""
        return own or settings.get("BROKER_BASE", "")
    return "redis" if named in ["django_redis", ""] else named


def acknowledges(settings: Settings) -> bool:
    """Return whether the broker delivers a task again that nobody acknowledged."""
    return base(settings) in ["orm", "sqs", "mongo", "iron_mq"]


def inline(settings: Settings) -> Settings:
    """Return what is true if each task runs where it is sent, without a cluster."""
    return sound(settings)["sync"]


def fetch_size(values: Settings, named: str) -> int:
    """Return how many tasks a broker delivers at once, or 0 for the whole queue.

    Redis and MongoDB deliver one whatever `bulk` says, SQS no more than ten.
    """
    bulk = values["bulk"]
    if named in ["redis", "django_redis", "mongo", ""]:
        return 1
    most = 10 if named == "sqs" else 0
    if bulk is None or not bulk < 1e9:
        return most
    return min(most or 1_000_000_000, max(1, int(bulk)))


def longest_hold(values: Settings, named: str) -> int:
    """Return the most seconds from a task's fetch to its end, or 0 without a bound.

    A fetched task waits behind a full queue in memory, and each task in it may take
    the whole `timeout`. A `timeout` of 0 lets a task run for three seconds.
    """
    workers, timeout, limit = (
        values["workers"], values["timeout"], values["queue_limit"],
    )  # fmt: skip
    bulk = fetch_size(values, named)
    if timeout is None or timeout < 0 or not limit or min(workers, limit, bulk) < 1:
        return 0
    rounds = 0 - (0 - limit - bulk) // workers  # Rounded up.
    return (timeout or 3) * (1 + rounds)
