"""Values of every kind for every key: qdoctor says error where Django-Q2 fails.

Hypothesis makes the settings, the same ones in every run. Where qdoctor says error,
Django-Q2 fails; where Django-Q2 does not start, qdoctor says error:

>>> from cookbook.evidence.qdoctor.agreement import disagreements
>>> from cookbook.harness.trial import without_cluster
>>> without_cluster(disagreements, 150, redis={}, name="default")
[]

A planted mistake is seen: a false alarm for `workers`, which all of them set. So is a
rule that says nothing while a cluster does not start:

>>> from cookbook.evidence.qdoctor.agreement import see_false_alarm, see_silence
>>> without_cluster(see_false_alarm, 20, redis={}, name="default")
True
>>> without_cluster(see_silence, 60, redis={}, name="default")
True

No rule raises, whatever stands anywhere in the settings:

>>> from cookbook.evidence.qdoctor.agreement import complaints, see_complaint
>>> complaints(60)
[]
>>> see_complaint(60)
True
"""

from unittest.mock import patch

from django.conf import settings
from hypothesis import HealthCheck, Phase, given, strategies
from hypothesis import settings as options

from cookbook.qdoctor import rules
from cookbook.qdoctor.keys import KEYS
from cookbook.qdoctor.project import SETTINGS, diagnose, surroundings
from cookbook.qdoctor.values import Other, plain

from .oracle import ask

# These brokers need a server that is not here: only what no cluster can use.
REMOTE = ("iron_mq", "mongo", "sqs")
FINITE = strategies.sampled_from([0, 1, -1, -3, 2, 60, 1.5, 60.0, 1e300, 10**12, True])
TEXT = strategies.sampled_from(["", "a", "5", "default", "INFO", "info", "UTC", "func"])
SCALARS = FINITE | TEXT | strategies.none() | strategies.just(False)
VALUES = SCALARS | strategies.sampled_from([[], [1], {}, {"a": 1}, float("inf")])
PLACES = {
    "host": strategies.sampled_from(["queue", None, 5, "redis://queue", "queue:6379"]),
    "port": strategies.sampled_from([6379, "6379", None, "x", 6379.0]),
    "db": strategies.sampled_from([0, 3, "2"]),
    "hosts": strategies.just("queue"),
}
REDIS = strategies.fixed_dictionaries({}, optional=PLACES) | strategies.sampled_from(
    ["redis://queue", "queue:6379", "", None, [], 0, "unix:///queue"]
)
CLASSES = strategies.sampled_from(
    ["django_q.brokers.orm.ORM", "nodot", "no_such_module.Queue", "", None, 5]
)
KINDS = {
    "redis": REDIS,
    "broker_class": CLASSES,
    "orm": strategies.sampled_from(["default", "other", None, "", True]),
    "django_redis": strategies.sampled_from(["shared", "default", "other", None, 1]),
    "time_zone": strategies.sampled_from(["UTC", "Mars", "", None, "Asia/Tokyo", 5]),
    **{key: strategies.sampled_from([None, "", 0, 5, "a", [1]]) for key in REMOTE},
}
KEY = {key: KINDS.get(key, VALUES) for key in KEYS if key != "ALT_CLUSTERS"}
ENTRY = strategies.fixed_dictionaries({}, optional=dict(list(KEY.items())[8:]))
ALTERNATIVES = strategies.fixed_dictionaries({"long": ENTRY | VALUES}) | VALUES
LOGGED = {"root": {"handlers": ["null"]},
          "handlers": {"null": {"class": "logging.NullHandler"}}}  # fmt: skip
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": "redis://queue/1",
    },
}


@strategies.composite
def configurations(draw):
    """Return settings with a broker and a few keys of any kind."""
    keys = draw(strategies.sampled_from([{"orm": "default"}, {"redis": {}}, {}]))
    names = draw(strategies.lists(strategies.sampled_from(list(KEY)), max_size=3))
    keys = {"workers": 1} | keys | {name: draw(KEY[name]) for name in names}
    if draw(strategies.integers(0, 3)) == 0:
        keys["ALT_CLUSTERS"] = draw(ALTERNATIVES)
    whole = draw(strategies.integers(0, 19))
    odd = {0: [1], 1: "orm", 2: None}
    return {
        "Q_CLUSTER": odd.get(whole, keys),
        "Q_CLUSTER_NAME": draw(strategies.sampled_from(["", "", "long", "other"])),
        "LOGGING": draw(strategies.sampled_from([{}, {}, LOGGED])),
        "CACHES": CACHES,
    }


def errors(configuration):
    """Return the errors that qdoctor finds, as `python -m qdoctor` does."""
    read = plain(configuration) | {"DATABASES": plain(settings.DATABASES)}
    findings = diagnose(read | surroundings(read) | {"HANDLERS": False})
    return [one["message"] for one in findings if one["id"].startswith("django_q.E")]


def examples(strategy, number):
    """Return examples of a strategy, the same ones in every run."""
    made = []

    @options(
        max_examples=number, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def keep(one):
        made.append(one)

    keep()
    return made


def disagreements(number):
    """Return the settings of which qdoctor and Django-Q2 say different things."""
    return list(differences(number))


def differences(number):
    """Yield such settings, what qdoctor says of them, and how Django-Q2 fails."""
    for one in examples(configurations(), number):
        wrong, fails = errors(one), ask(one)
        if bool(wrong) != bool(fails) and (wrong or fails.startswith("start")):
            yield one, wrong, fails


def see_false_alarm(number):
    """Return whether it is seen that every `workers` is called an error."""
    with patch.dict(KEYS["workers"], kinds=[], odd=[]):
        return any(wrong for _, wrong, _ in differences(number))


def see_silence(number):
    """Return whether it is seen that one rule finds nothing."""
    rest = [one for one in rules.RULES if one["id"] != "django_q.E003"]
    with patch.object(rules, "RULES", rest):
        return any(not wrong for _, wrong, _ in differences(number))


ANYTHING = strategies.recursive(
    VALUES | strategies.text(max_size=3) | strategies.just(Other) | strategies.floats(),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(strategies.sampled_from([*KEYS, 5, Other]), inner)
    ),
    max_leaves=4,
)
READ = ["Q_CLUSTER_NAME", *SETTINGS]


def complaints(number):
    """Return what rules raise for settings that are anything at all."""
    keys = strategies.dictionaries(strategies.sampled_from(list(KEYS)), ANYTHING)
    whole = dict.fromkeys(READ, ANYTHING) | {"Q_CLUSTER": keys | ANYTHING}
    errors = []
    for one in examples(strategies.fixed_dictionaries({}, optional=whole), number):
        try:
            diagnose(one | surroundings(one))
        except Exception as error:
            errors.append((one, repr(error)))
    return errors


def see_complaint(number):
    """Return whether a rule is seen that raises for some settings."""

    def careless(settings):
        yield from settings["Q_CLUSTER"]["name"].upper()

    one = {"id": "shop.W001", "function": careless}
    with patch.object(rules, "RULES", [one]):
        return bool(complaints(number))
