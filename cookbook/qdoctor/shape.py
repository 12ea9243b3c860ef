"""Rules for the keys of Q_CLUSTER and their values."""

from .keys import KEYS, MEANINGS
from .rules import (
    Findings,
    Settings,
    acknowledges,
    base,
    broker,
    cluster,
    fits,
    rule,
    sound,
    written,
)
from .values import describe, kind, nearest


@rule("django_q.E001", "Q_CLUSTER is a list")
def not_a_dictionary(settings: Settings) -> Findings:
    """A list stops every command of `manage.py`."""
    if kind(settings.get("Q_CLUSTER")) == "list":
        yield "Q_CLUSTER is a list", 'Make it a dictionary, such as {"orm": "default"}.'


def handles(logger: Settings) -> Settings:
    """Return what is true if a logger of LOGGING has a handler."""
    return kind(logger) == "dict" and logger.get("handlers")


def level_unread(settings: Settings) -> Settings:
    """Return what is true if the logger has a handler, so `log_level` is not read."""
    logging = settings.get("LOGGING")
    if settings.get("HANDLERS") or kind(logging) == "other":
        return True
    if kind(logging) != "dict":
        return False
    loggers = logging.get("loggers")
    named: Settings = loggers if kind(loggers) == "dict" else {}
    own = named.get("django-q")
    alone = kind(own) == "dict" and own.get("propagate", True) in [False, None, 0]
    above = handles(logging.get("root")) or handles(named.get(""))
    return handles(own) or (above and not alone)


def unread(settings: Settings, key: str) -> Settings:
    """Return what is true if Django-Q2 does not read this key, whatever it is."""
    brokers = KEYS[key].get("brokers")
    if key == "log_level":
        return level_unread(settings)
    if key == "retry":
        return not cluster(settings).get("timeout") and not acknowledges(settings)
    if key in ["bulk", "poll"]:
        return base(settings) not in brokers
    # Without a name the broker is Redis; a class of one's own may read anything.
    return brokers and (broker(settings) or "redis") not in brokers


def misfits(settings: Settings) -> Settings:
    """Return the keys that are read and have a value that does not fit."""
    keys = cluster(settings)
    return [
        key
        for key in KEYS
        if key in keys
        and not (KEYS[key].get("absent") and not keys[key])
        and not fits(key, keys[key])
        and not unread(settings, key)
    ]


@rule("django_q.W002", "A key that Django-Q2 does not read")
def unknown_key(settings: Settings) -> Findings:
    """Django-Q2 ignores it and uses the default."""
    keys = written(settings)
    others = keys.get("ALT_CLUSTERS")
    places = [["Q_CLUSTER", keys]]
    for name in others if kind(others) == "dict" else {}:
        if kind(others[name]) == "dict":
            places = [*places, [f"ALT_CLUSTERS[{describe(name)}]", others[name]]]
    for place, inside in places:
        for key in inside:
            if kind(key) == "str" and key in KEYS:
                continue
            near = meant(key) if kind(key) == "str" else ""
            yield (
                f"{describe(key)} is not a key of {place} and is ignored",
                f"Call it '{near}'." if near else "Remove it.",
            )


def meant(word: str) -> str:
    """Return the key that `word` misspells, or that it means in other projects."""
    near = nearest(word, [*KEYS, *MEANINGS])
    return MEANINGS.get(near, near)


@rule("django_q.E003", "A value of the wrong type")
def wrong_type(settings: Settings) -> Findings:
    """Most end in a traceback; with a `timeout` of 1.5 every task fails.

    SQS needs whole numbers where the other brokers take fractions.
    """
    keys, like = cluster(settings), base(settings)
    for key in misfits(settings):
        value, kinds = keys[key], KEYS[key]["kinds"]
        # Those run, and W039 says what they do.
        odd = kind(value) in KEYS[key].get("odd", [])
        if key == "cluster_name" and value is None and like != "redis":
            odd = False
        # No processor is chosen if the number is not below that of the processors.
        many = key == "cpu_affinity" and kind(value) == "float"
        if kind(value) in kinds or odd or (many and value >= settings.get("CPUS", 4)):
            continue
        yield wrong(key, value, [name for name in kinds if name != "other"])
    reporters = sound(settings)["error_reporter"]
    for name in reporters if kind(reporters) == "dict" else []:
        value, installed = reporters[name], settings.get("REPORTERS", [])
        if name in installed and kind(value) not in ["dict", "other"]:
            yield wrong(f"error_reporter[{describe(name)}]", value, ["dict"])
    for key in ["retry", "bulk"] if like == "sqs" else []:
        whole = kind(keys.get(key, 0)) in ["int", "bool"]
        if not whole and kind(keys[key]) in KEYS[key]["kinds"]:
            yield wrong(key, keys[key], ["int"])


def wrong(key: str, value: Settings, kinds: Settings) -> tuple[str, str]:
    """Return the message and the hint for a value of a wrong type."""
    bare = kind(value) in ["dict", "list", "other", "None"]
    article = "an" if kind(value) == "int" else "a"
    named = "" if bare else f", {article} {kind(value)}"
    hint = f"Make it {' or '.join([name for name in kinds if name != 'bool'])}."
    if key == "redis":
        hint = 'Name a broker: "orm": "default", or "redis" with an address.'
    return f"{key} is {describe(value)}{named}", hint


@rule("django_q.E004", "A value that is out of range")
def out_of_range(settings: Settings) -> Findings:
    """Its type is right, but Django-Q2 cannot work with it."""
    keys, values = cluster(settings), sound(settings)
    for key in misfits(settings):
        value, limits = keys[key], KEYS[key]
        if kind(value) in limits["kinds"]:
            low = "least" in limits and not value >= limits["least"]
            most = f"Make it {describe(limits.get('most'))} or less."
            yield (
                f"{key} is {describe(value)}",
                f"Make it {limits['least']} or more." if low else most,
            )
    if keys.get("name") == "":
        yield "name is ''", "Remove it, or give it a value."
    level, levels = keys.get("log_level"), KEYS["log_level"]["choices"]
    if (
        kind(level) == "str"
        and level not in levels
        and not unread(settings, "log_level")
    ):
        yield f"log_level is {describe(level)}", f"Use one of {', '.join(levels)}."
    path = keys.get("broker_class")
    if kind(path) == "str" and path and "." not in path:
        yield (
            f"broker_class is {describe(path)}",
            "Write the dotted path of a class, such as shop.brokers.Broker.",
        )
    longest = {"orm": 2e11, "mongo": 6e10, "sqs": 43_200}.get(base(settings), 0)
    retry = values["retry"]
    if longest and not (retry <= longest and retry >= 0 - longest):
        yield f"retry is {describe(retry)}", f"Make it {describe(longest)} or less."
    # One process counts the places of the queue in 32 bits.
    if "queue_limit" not in keys and values["workers"] > 46_340:
        yield f"workers is {describe(values['workers'])}", "Make it 46340 or less."


@rule("django_q.W039", "A value that does something else")
def odd_value(settings: Settings) -> Findings:
    """Django-Q2 runs, but the value has no effect or an unusual one."""
    whole = settings.get("Q_CLUSTER", {})
    if kind(whole) == "other":
        yield "Q_CLUSTER is an object, which is not examined", "Make it a dict."
    elif kind(whole) not in ["dict", "list"]:
        yield (
            f"Q_CLUSTER is {describe(whole)}, which is ignored: Redis on localhost",
            'Make it a dictionary, such as {"orm": "default"}.',
        )
    keys, findings = cluster(settings), settings.get("FOUND", {})
    for key in misfits(settings):
        value, limits = keys[key], KEYS[key]
        works = key != "cluster_name" or value is not None or base(settings) == "redis"
        if kind(value) in limits.get("odd", []) and works:
            kinds = [name for name in limits["kinds"] if name not in ["other", "bool"]]
            yield (
                f"{key} is {describe(value)}, {limits['effect']}",
                f"Make it {' or '.join(kinds)}.",
            )
    groups = ["group", "name", "func"]
    per = keys.get("save_limit_per")
    if kind(per) == "str" and per and per not in groups:
        yield (
            f"save_limit_per is {describe(per)}, so it is ignored",
            ("Use one of 'group', 'name', 'func'."),
        )
    if keys.get("django_redis") and not findings.get("django_redis", True):
        yield (
            "django-redis is not installed, so django_redis is ignored",
            ("Install django-redis, or name another broker."),
        )


@rule("django_q.W030", "A switch that is a string")
def text_switch(settings: Settings) -> Findings:
    """Any string but an empty one is true: "False" and "0" too."""
    keys = cluster(settings)
    for key in [key for key in KEYS if key in keys and KEYS[key].get("switch")]:
        if kind(keys[key]) == "str" and keys[key]:
            yield (
                f"{key} is {describe(keys[key])}, a string, so it is on",
                "Write True or False.",
            )
