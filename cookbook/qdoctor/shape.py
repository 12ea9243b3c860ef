"""Rules for what Q_CLUSTER looks like: keys, types, choices."""

from .keys import BROKERS, KEYS, REDIS, SCHEMES
from .rules import broker, cluster, configured, kind, nearest, rule, shown, sound


@rule("django_q.E001", "Q_CLUSTER is not a dictionary")
def not_a_dictionary(given):
    """A list stops every command of `manage.py`, and a text is passed over.

    Then the broker is Redis on localhost.

    >>> from cookbook.qdoctor.shape import not_a_dictionary
    >>> list(not_a_dictionary({"Q_CLUSTER": ["orm", "default"]}))[0][0]
    'Q_CLUSTER is a list'
    >>> list(not_a_dictionary({"Q_CLUSTER": {"orm": "default"}}))
    []
    """
    if "Q_CLUSTER" in given and kind(given["Q_CLUSTER"]) != "dict":
        yield (
            f"Q_CLUSTER is {shown(given['Q_CLUSTER'])}",
            'Make it a dictionary, such as {"orm": "default"}.',
        )


@rule("django_q.W002", "A key that Django-Q2 does not read")
def unknown_key(given):
    """Django-Q2 ignores it, and works with the default.

    >>> from cookbook.qdoctor.shape import unknown_key
    >>> list(unknown_key({"Q_CLUSTER": {"max_attempt": 3}}))[0]
    ("'max_attempt' is no key of Q_CLUSTER and is ignored", "Call it 'max_attempts'.")
    >>> list(unknown_key({"Q_CLUSTER": {"max_attempts": 3}}))
    []
    """
    written = cluster(given)
    others = written.get("ALT_CLUSTERS")
    places = [["Q_CLUSTER", written]]
    for name in others if kind(others) == "dict" else {}:
        if kind(others[name]) == "dict":
            places = [*places, [f"ALT_CLUSTERS[{shown(name)}]", others[name]]]
    for place, keys in places:
        unknown = [key for key in keys if kind(key) != "str" or key not in KEYS]
        for key in unknown[:10]:
            near = nearest(key, KEYS) if kind(key) == "str" else ""
            yield (
                f"{shown(key)} is no key of {place} and is ignored",
                f"Call it '{near}'." if near else "Remove it.",
            )
        if len(unknown) > 10:
            yield (
                f"{len(unknown) - 10} more keys are no keys of {place}",
                "Remove them.",
            )


@rule("django_q.E003", "A value of the wrong type")
def wrong_type(given):
    """Most are found by a traceback, and some by a task that fails.

    A `timeout` of 1.5 is one of these: every task fails with it. SQS wants more
    whole numbers than the other brokers.

    >>> from cookbook.qdoctor.shape import wrong_type
    >>> list(wrong_type({"Q_CLUSTER": {"timeout": 1.5}}))[0]
    ('timeout is 1.5, a float', 'Make it int or None.')
    >>> list(wrong_type({"Q_CLUSTER": {"sqs": {}, "retry": 90.5}}))[0]
    ('retry is 90.5, a float', 'Make it int.')
    >>> list(wrong_type({"Q_CLUSTER": {"timeout": 60, "retry": 90.5}}))
    []
    """
    written = cluster(given)
    whole = ["retry", "bulk"] if broker(given) == "sqs" else []
    for key in [key for key in KEYS if key in written]:
        value = written[key]
        kinds = ["int"] if key in whole else KEYS[key]["kinds"]
        absent = KEYS[key].get("absent") and not value
        if kind(value) not in kinds and not absent:
            bare = kind(value) in ["dict", "list", "other", "None"]
            article = "an" if kind(value) == "int" else "a"
            named = "" if bare else f", {article} {kind(value)}"
            yield (
                f"{key} is {shown(value)}{named}",
                f"Make it {' or '.join([name for name in kinds if name != 'other'])}.",
            )


@rule("django_q.E004", "A value that is out of range")
def out_of_range(given):
    """A value of the right type can still be none that Django-Q2 knows.

    >>> from cookbook.qdoctor.shape import out_of_range
    >>> list(out_of_range({"Q_CLUSTER": {"bulk": 0, "log_level": "LOUD"}}))[0]
    ("log_level is 'LOUD'", "Take one of 'DEBUG', 'INFO', 'WARNING', ...")
    >>> list(out_of_range({"Q_CLUSTER": {"bulk": 1, "log_level": "INFO"}}))
    []
    """
    values, written = sound(given), cluster(given)
    for key in [key for key in KEYS if key in written and values[key] is not None]:
        value, limits = values[key], KEYS[key]
        choices = limits.get("choices", [value])
        if value not in choices:
            words = ", ".join([shown(choice) for choice in choices])
            yield f"{key} is {shown(value)}", f"Take one of {words}."
        if "least" in limits and value < limits["least"]:
            yield f"{key} is {shown(value)}", f"Make it {limits['least']} or more."


@rule("django_q.W005", "No broker is named")
def no_broker(given):
    """Without a broker it is Redis on localhost, on port 6379.

    >>> from cookbook.qdoctor.shape import no_broker
    >>> list(no_broker({"Q_CLUSTER": {"name": "shop"}}))[0][0]
    'no key names a broker, so it is Redis on localhost'
    >>> list(no_broker({"Q_CLUSTER": {"orm": "default"}}))
    []
    """
    if configured(given) and not broker(given) and not cluster(given).get("sync"):
        yield (
            "no key names a broker, so it is Redis on localhost",
            'Add "orm": "default", or "redis" with the address of yours.',
        )


@rule("django_q.W006", "Two brokers are named")
def two_brokers(given):
    """Django-Q2 takes one of them and says nothing of the other.

    >>> from cookbook.qdoctor.shape import two_brokers
    >>> both = {"orm": "default", "redis": {"host": "queue"}}
    >>> list(two_brokers({"Q_CLUSTER": both}))[0]
    ("'orm' is the broker; 'redis' is ignored", "Remove 'orm' or 'redis'.")
    >>> list(two_brokers({"Q_CLUSTER": {"orm": "default"}}))
    []
    """
    written, first = cluster(given), broker(given)
    for key in BROKERS:
        # A broker class may read the settings of the broker that it extends.
        if key != first and first != "broker_class" and written.get(key):
            yield (
                f"'{first}' is the broker; '{key}' is ignored",
                (f"Remove '{first}' or '{key}'."),
            )


@rule("django_q.E007", "Redis cannot be reached this way")
def bad_redis(given):
    """The values go to `redis.Redis()`, which refuses what it does not know.

    >>> from cookbook.qdoctor.shape import bad_redis
    >>> list(bad_redis({"Q_CLUSTER": {"redis": {"hosts": "queue"}}}))[0]
    ("redis.Redis() has no argument 'hosts'", "Call it 'host'.")
    >>> list(bad_redis({"Q_CLUSTER": {"redis": "queue:6379"}}))[0][0]
    'redis is no address that begins with redis://, rediss:// or unix://'
    >>> list(bad_redis({"Q_CLUSTER": {"redis": {"host": "queue"}}}))
    []
    """
    redis = sound(given)["redis"]
    if kind(redis) == "str":
        if not [scheme for scheme in SCHEMES if redis.lower().startswith(scheme)]:
            yield (
                "redis is no address that begins with redis://, rediss:// or unix://",
                'Write it as "redis://queue:6379/0".',
            )
        return
    for key in [key for key in redis if kind(key) != "str" or key not in REDIS][:10]:
        near = nearest(key, REDIS) if kind(key) == "str" else ""
        yield (
            f"redis.Redis() has no argument {shown(key)}",
            f"Call it '{near}'." if near else "Remove it, or write one address.",
        )


@rule("django_q.E008", "The ORM broker names no database")
def orm_alias(given):
    """`orm` is the alias of a database, not a switch.

    >>> from cookbook.qdoctor.shape import orm_alias
    >>> database = {"ENGINE": "django.db.backends.postgresql"}
    >>> project = {"DATABASES": {"default": database}}
    >>> list(orm_alias(project | {"Q_CLUSTER": {"orm": "queue"}}))[0]
    ("orm is 'queue', which is no alias in DATABASES", "Take one of 'default'.")
    >>> list(orm_alias(project | {"Q_CLUSTER": {"orm": "default"}}))
    []
    """
    databases, orm = given.get("DATABASES"), sound(given)["orm"]
    there = kind(databases) == "dict" and databases and broker(given) == "orm"
    if there and orm and orm not in databases:
        aliases = [shown(alias) for alias in databases]
        yield (
            f"orm is {shown(orm)}, which is no alias in DATABASES",
            f"Take one of {', '.join(aliases[:10])}.",
        )


@rule("django_q.W030", "A switch that is a text")
def text_switch(given):
    """Any text but an empty one is true, "False" and "0" from the environment, too.

    >>> from cookbook.qdoctor.shape import text_switch
    >>> list(text_switch({"Q_CLUSTER": {"compress": "False"}}))[0][0]
    "compress is 'False', a text, so it is on"
    >>> list(text_switch({"Q_CLUSTER": {"compress": False}}))
    []
    """
    written = cluster(given)
    for key in [key for key in KEYS if key in written and KEYS[key].get("switch")]:
        if kind(written[key]) == "str" and written[key]:
            yield (
                f"{key} is {shown(written[key])}, a text, so it is on",
                "Write True or False.",
            )


@rule("django_q.E009", "Q_CLUSTER_NAME without ALT_CLUSTERS")
def alt_clusters(given):
    """Then Django-Q2 ends every command of `manage.py` with a KeyError.

    >>> from cookbook.qdoctor.shape import alt_clusters
    >>> project = {"Q_CLUSTER_NAME": "reports"}
    >>> list(alt_clusters(project | {"Q_CLUSTER": {"name": "shop"}}))[0][0]
    "Q_CLUSTER_NAME is 'reports', and Q_CLUSTER has no ALT_CLUSTERS"
    >>> list(alt_clusters(project | {"Q_CLUSTER": {"ALT_CLUSTERS": {}}}))
    []
    """
    name, written = given.get("Q_CLUSTER_NAME"), cluster(given)
    known = [written.get("name"), written.get("cluster_name")]
    if name and name not in known and "ALT_CLUSTERS" not in written:
        yield (
            f"Q_CLUSTER_NAME is {shown(name)}, and Q_CLUSTER has no ALT_CLUSTERS",
            f'Add "ALT_CLUSTERS": {{"{name}": {{}}}}, or unset Q_CLUSTER_NAME.',
        )


@rule("django_q.W019", "A Q_CLUSTER_NAME that ALT_CLUSTERS does not name")
def other_name(given):
    """The cluster serves a queue of that name, with the keys of Q_CLUSTER.

    >>> from cookbook.qdoctor.shape import other_name
    >>> project = {"Q_CLUSTER_NAME": "report"}
    >>> others = {"ALT_CLUSTERS": {"reports": {"workers": 1}}}
    >>> list(other_name(project | {"Q_CLUSTER": others}))[0]
    ("Q_CLUSTER_NAME is 'report', which ALT_CLUSTERS ... name", "Call it 'reports'.")
    >>> list(other_name({"Q_CLUSTER_NAME": "reports", "Q_CLUSTER": others}))
    []
    """
    name, written = given.get("Q_CLUSTER_NAME"), cluster(given)
    known = [written.get("name"), written.get("cluster_name")]
    others = written.get("ALT_CLUSTERS")
    named = kind(others) == "dict" and others
    if name and named and name not in known and name not in others:
        near = nearest(name, [key for key in others if kind(key) == "str"])
        yield (
            f"Q_CLUSTER_NAME is {shown(name)}, which ALT_CLUSTERS does not name",
            f"Call it '{near}'." if near else f"Add {shown(name)} to ALT_CLUSTERS.",
        )
