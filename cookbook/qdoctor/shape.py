"""Rules for the keys of Q_CLUSTER and their values."""

from .keys import KEYS
from .rules import Findings, Settings, broker, cluster, rule, sound
from .values import describe, kind, nearest


@rule("django_q.E001", "Q_CLUSTER is not a dictionary")
def not_a_dictionary(settings: Settings) -> Findings:
    """A list stops every command of `manage.py`.

    A string is ignored; then the broker is Redis on localhost.
    """
    if "Q_CLUSTER" in settings and kind(settings["Q_CLUSTER"]) != "dict":
        yield (
            f"Q_CLUSTER is {describe(settings['Q_CLUSTER'])}",
            'Make it a dictionary, such as {"orm": "default"}.',
        )


@rule("django_q.W002", "A key that Django-Q2 does not read")
def unknown_key(settings: Settings) -> Findings:
    """Django-Q2 ignores it and uses the default."""
    written = cluster(settings)
    others = written.get("ALT_CLUSTERS")
    places = [["Q_CLUSTER", written]]
    for name in others if kind(others) == "dict" else {}:
        if kind(others[name]) == "dict":
            places = [*places, [f"ALT_CLUSTERS[{describe(name)}]", others[name]]]
    for place, keys in places:
        unknown = [key for key in keys if kind(key) != "str" or key not in KEYS]
        for key in unknown[:10]:
            near = nearest(key, KEYS) if kind(key) == "str" else ""
            yield (
                f"{describe(key)} is not a key of {place} and is ignored",
                f"Call it '{near}'." if near else "Remove it.",
            )
        if len(unknown) > 10:
            yield (
                f"{len(unknown) - 10} more keys are not keys of {place}",
                "Remove them.",
            )


@rule("django_q.E003", "A value of the wrong type")
def wrong_type(settings: Settings) -> Findings:
    """Most end in a traceback; with a `timeout` of 1.5 every task fails.

    SQS needs whole numbers where the other brokers take fractions.
    """
    written = cluster(settings)
    whole = ["retry", "bulk"] if broker(settings) == "sqs" else []
    for key in [key for key in KEYS if key in written]:
        value = written[key]
        kinds = ["int"] if key in whole else KEYS[key]["kinds"]
        absent = KEYS[key].get("absent") and not value
        if kind(value) not in kinds and not absent:
            bare = kind(value) in ["dict", "list", "other", "None"]
            article = "an" if kind(value) == "int" else "a"
            named = "" if bare else f", {article} {kind(value)}"
            yield (
                f"{key} is {describe(value)}{named}",
                f"Make it {' or '.join([name for name in kinds if name != 'other'])}.",
            )


@rule("django_q.E004", "A value that is out of range")
def out_of_range(settings: Settings) -> Findings:
    """Its type is right, but Django-Q2 cannot work with it."""
    values, written = sound(settings), cluster(settings)
    for key in [key for key in KEYS if key in written and values[key] is not None]:
        value, limits = values[key], KEYS[key]
        choices = limits.get("choices", [value])
        if value not in choices:
            words = ", ".join([describe(choice) for choice in choices])
            yield f"{key} is {describe(value)}", f"Use one of {words}."
        if "least" in limits and value < limits["least"]:
            yield f"{key} is {describe(value)}", f"Make it {limits['least']} or more."


@rule("django_q.W030", "A switch that is a string")
def text_switch(settings: Settings) -> Findings:
    """Any string but an empty one is true: "False" and "0" too."""
    written = cluster(settings)
    for key in [key for key in KEYS if key in written and KEYS[key].get("switch")]:
        if kind(written[key]) == "str" and written[key]:
            yield (
                f"{key} is {describe(written[key])}, a string, so it is on",
                "Write True or False.",
            )
