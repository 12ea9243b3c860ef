"""Rules for the broker, and for the name of the cluster."""

from .keys import BROKERS, REDIS, SCHEMES
from .rules import Findings, Settings, broker, cluster, configured, rule, sound
from .values import describe, kind, nearest


@rule("django_q.W005", "No broker is named")
def no_broker(settings: Settings) -> Findings:
    """Then it is Redis on localhost, port 6379."""
    if (
        configured(settings)
        and not broker(settings)
        and not cluster(settings).get("sync")
    ):
        yield (
            "no key names a broker, so it is Redis on localhost",
            'Add "orm": "default", or "redis" with the address of yours.',
        )


@rule("django_q.W006", "Two brokers are named")
def two_brokers(settings: Settings) -> Findings:
    """Django-Q2 uses one of them and ignores the other silently."""
    written, first = cluster(settings), broker(settings)
    for key in BROKERS:
        # A broker class may read the settings of the broker that it extends.
        if key != first and first != "broker_class" and written.get(key):
            yield (
                f"'{first}' is the broker; '{key}' is ignored",
                f"Remove '{first}' or '{key}'.",
            )


@rule("django_q.E007", "Redis cannot be reached this way")
def bad_redis(settings: Settings) -> Findings:
    """The values go to `redis.Redis()`, which refuses unknown arguments."""
    redis = sound(settings)["redis"]
    if kind(redis) == "str":
        if not [scheme for scheme in SCHEMES if redis.lower().startswith(scheme)]:
            yield (
                "redis is not an address with redis://, rediss:// or unix://",
                'Write it as "redis://queue:6379/0".',
            )
        return
    for key in [key for key in redis if kind(key) != "str" or key not in REDIS][:10]:
        near = nearest(key, REDIS) if kind(key) == "str" else ""
        yield (
            f"redis.Redis() has no argument {describe(key)}",
            f"Call it '{near}'." if near else "Remove it, or write one address.",
        )


@rule("django_q.E008", "The ORM broker names no database")
def orm_alias(settings: Settings) -> Findings:
    """`orm` is the alias of a database, not a switch."""
    databases, orm = settings.get("DATABASES"), sound(settings)["orm"]
    there = kind(databases) == "dict" and databases and broker(settings) == "orm"
    if there and orm and orm not in databases:
        aliases = [describe(alias) for alias in databases]
        yield (
            f"orm is {describe(orm)}, which is not an alias in DATABASES",
            f"Use one of {', '.join(aliases[:10])}.",
        )


@rule("django_q.E009", "Q_CLUSTER_NAME without ALT_CLUSTERS")
def alt_clusters(settings: Settings) -> Findings:
    """Every command of `manage.py` ends with a KeyError."""
    name, written = settings.get("Q_CLUSTER_NAME"), cluster(settings)
    names = [written.get("name"), written.get("cluster_name")]
    if name and name not in names and "ALT_CLUSTERS" not in written:
        yield (
            f"Q_CLUSTER_NAME is {describe(name)}, and Q_CLUSTER has no ALT_CLUSTERS",
            f'Add "ALT_CLUSTERS": {{"{name}": {{}}}}, or unset Q_CLUSTER_NAME.',
        )


@rule("django_q.W019", "A Q_CLUSTER_NAME that ALT_CLUSTERS does not name")
def other_name(settings: Settings) -> Findings:
    """The cluster serves a queue of that name, with the keys of Q_CLUSTER."""
    name, written = settings.get("Q_CLUSTER_NAME"), cluster(settings)
    names = [written.get("name"), written.get("cluster_name")]
    others = written.get("ALT_CLUSTERS")
    named = kind(others) == "dict" and others
    if name and named and name not in names and name not in others:
        near = nearest(name, [key for key in others if kind(key) == "str"])
        yield (
            f"Q_CLUSTER_NAME is {describe(name)}, which ALT_CLUSTERS does not name",
            f"Call it '{near}'." if near else f"Add {describe(name)} to ALT_CLUSTERS.",
        )
