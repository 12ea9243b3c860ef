"""What the rules find in settings of which some values are unknown.

The rules know nothing of unknown values. They judge the settings again and again, with
other values where one is unknown: values of every type, and those of the rules' own
examples, in which each rule finds its mistake and finds it fixed. What they find
every time does not depend on the unknown values.

>>> from cookbook.evidence.checker_translation.certain import blurred, certain, world
>>> from cookbook.evidence.checker_translation.settle import unknowns
>>> from cookbook.evidence.checker_translation.tables import UNKNOWN
>>> QUEUE = {"orm": "default", "timeout": 90, "max_attempts": 3}
>>> def judge(**keys):
...     found = certain({"Q_CLUSTER": QUEUE | keys})
...     return [(one["id"], one["hint"]) for one in found]
>>> judge(retry=UNKNOWN, workers=4)
[]
>>> judge(retry=60, workers=2)
[('django_q.W011', 'Set queue_limit to 2 and retry above 270.')]

Wherever the example of a rule and the same fixed differ, the rule says nothing if the
value is unknown. A finding about a key itself does not depend on its value:

>>> for one, broken in blurred():
...     if any(one in found["id"] for found in certain(broken)):
...         print(one, *unknowns(broken))
W002 max_attempt
W002 max_attempts
E003 retry
W005 name
E007 redis['hosts']
E007 redis['host']
W014 redis
W027
W027

The value in a hint may depend on one; then there is no hint:

>>> judge(retry=60, workers=UNKNOWN)
[('django_q.W011', '')]

Where every value is too short, but each time by another number, the title of the rule
says so:

>>> LONG = QUEUE | {"timeout": 600, "retry": 660, "queue_limit": 8}
>>> certain({"Q_CLUSTER": LONG | {"workers": UNKNOWN}})[0]["message"]
'retry is shorter than a task may wait in memory, for each value that was tried'
>>> certain({"Q_CLUSTER": LONG | {"workers": UNKNOWN, "retry": 6000}})
[]

No text says what a broker class of one's own does. If it extends the broker that the
other keys name, this holds too:

>>> from cookbook.evidence.checker_translation.certain import assumed, likely
>>> OWN = {"Q_CLUSTER": QUEUE | {"retry": 120, "broker_class": "shop.Limited"}}
>>> assumed(OWN), certain(OWN), [one["id"] for one in likely(OWN)]
('orm', [], ['django_q.W012'])
>>> KNOWN = {"Q_CLUSTER": QUEUE | {"broker_class": "django_q.brokers.orm.ORM"}}
>>> assumed(KNOWN), likely(KNOWN), assumed({"Q_CLUSTER": {"broker_class": "a.B"}})
('', [], '')

The calculator of the page takes the default of an unknown number:

>>> world({"Q_CLUSTER": {"workers": 2, "retry": UNKNOWN}}, 0)
{'Q_CLUSTER': {'workers': 2}}
"""

from cookbook.qdoctor.cases import CASES
from cookbook.qdoctor.keys import KEYS
from cookbook.qdoctor.project import surroundings
from cookbook.qdoctor.rules import RULES, base, broker, diagnose, written
from cookbook.qdoctor.values import kind

from .tables import REST, UNKNOWN

ANY = [None, "unknown", 0, 1, 1_000_000, "", True, {}, 1.5]


def examples():
    """Return values to try, for each key of the rules' examples: `{key: values}`."""
    findings = {}
    for broken_and_fixed in CASES.values():
        for settings in broken_and_fixed:
            collect(settings, findings)
    tried = {key: ANY + values for key, values in findings.items()}
    names = [name for name in tried["Q_CLUSTER_NAME"] if kind(name) == "str"]
    return tried | {"Q_CLUSTER_NAME": names}  # A variable of the environment.


def collect(place, findings):
    for key, value in place.items():
        values = findings.setdefault(key, [])
        if value not in [*values, *ANY]:
            values.append(value)
        if kind(value) == "dict":
            collect(value, findings)


EXAMPLES = examples()
# Of these rules every finding is about the same mistake, with other numbers.
TITLES = {
    one["id"]: one["title"]
    for one in RULES
    if one["id"] in ("django_q.W011", "django_q.W012")
}
# What qdoctor asks the machine; no pasted text sets it.
MACHINE = surroundings({})


def certain(settings):
    """Return what the rules find whatever the unknown values are."""
    whole = spread(settings)
    findings, turns = diagnose(world(whole, 1)), 3 * longest(whole)
    for turn in range(turns if findings else 0):
        findings = common(findings, diagnose(world(whole, turn + 1)))
    return findings


def common(findings, others):
    """Return the findings that are in both; a hint only where both have the same."""
    made = []
    for one in findings:
        name, message = one["id"], one["message"]
        again = [other for other in others if other["id"] == name]
        hints = [other["hint"] for other in again if other["message"] == message]
        if hints:
            hint = one["hint"] if one["hint"] in hints else ""
            made = [*made, {"id": name, "message": message, "hint": hint}]
        elif again and name in TITLES:
            message = f"{TITLES[name]}, for each value that was tried"
            made = [*made, {"id": name, "message": message, "hint": ""}]
    return made


def assumed(settings):
    """Return the broker that the other keys name, if there is a class of one's own.

    It is "" where the class is one of Django-Q2, or where no other key names a broker.
    """
    keys = written(settings)
    if kind(keys.get("broker_class")) != "str" or broker(settings) != "broker_class":
        return ""
    if base(settings):
        return ""
    return broker({**settings, "Q_CLUSTER": {**keys, "broker_class": None}})


def likely(settings):
    """Return what the rules find besides, if the broker class works as assumed."""
    named = assumed(settings)
    if not named:
        return []
    sure = [one["id"] for one in certain(settings)]
    findings = certain({**settings, "BROKER_BASE": named})
    return [one for one in findings if one["id"] not in sure]


def spread(settings):
    """Return the settings with every key unknown that `**BASE` may have set."""
    written = settings.get("Q_CLUSTER")
    if kind(written) != "dict" or REST not in written:
        return settings
    made, whole = {}, {}
    for key in [key for key in written if key != REST]:
        made[key] = written[key]
    for key in [key for key in KEYS if key not in written]:
        made[key] = UNKNOWN
    for name in settings:
        whole[name] = made if name == "Q_CLUSTER" else settings[name]
    return whole


def longest(place):
    """Return the number of the values to try, or 0 where nothing is unknown."""
    most = 0
    for key in place:
        if place[key] is UNKNOWN:
            most = max(most, len(EXAMPLES.get(key, ANY)))
        elif kind(place[key]) == "dict":
            most = max(most, longest(place[key]))
    return most


def world(place, turn):
    """Return settings without an unknown value; in turn 0 its key is not there.

    Two keys do not go through their values in step, so that they also differ.
    """
    made = {}
    for key in place:
        if place[key] is not UNKNOWN:
            inside = kind(place[key]) == "dict"
            made[key] = world(place[key], turn) if inside else place[key]
        elif turn > 0:
            values = EXAMPLES.get(key, ANY)
            shift = turn // 20 * len(f"{key}")
            made[key] = values[(turn + shift) % len(values)]
    return made


def blurred():
    """Yield the id of a rule and its example, its fault being unknown."""
    for one, (broken, fixed) in CASES.items():
        for settings in blur(broken, fixed):
            yield one, settings


def blur(broken, fixed):
    for key in dict.fromkeys([*broken, *fixed]):
        value, other = broken.get(key), fixed.get(key)
        if value != other and key not in MACHINE:
            yield broken | {key: UNKNOWN}
            if kind(value) == kind(other) == "dict":
                yield from (broken | {key: inner} for inner in blur(value, other))
