"""Rules for the broker, and for the name of the cluster."""

from .keys import BROKERS, NEEDS
from .rules import (
    RULES,
    Findings,
    Settings,
    alternative,
    broker,
    cluster,
    configured,
    inline,
    rule,
    sound,
    written,
)
from .values import describe, kind, nearest


@rule("django_q.W005", "No broker is named")
def no_broker(settings: Settings) -> Findings:
    """Then it is Redis on localhost, port 6379."""
    if settings.get("NO_Q_CLUSTER"):
        yield (
            "this module sets no Q_CLUSTER",
            "Name the settings module of the project; without Q_CLUSTER the broker is "
            "Redis on localhost.",
        )
    if configured(settings) and not broker(settings) and not inline(settings):
        yield (
            "no key names a broker, so it is Redis on localhost",
            'Add "orm": "default", or "redis" with the address of yours.',
        )


@rule("django_q.W006", "Two brokers are named")
def two_brokers(settings: Settings) -> Findings:
    """Django-Q2 uses one of them and ignores the other silently."""
    keys, first = cluster(settings), broker(settings)
    for key in BROKERS:
        # A broker class may read the settings of the broker that it extends.
        if key != first and first != "broker_class" and first and keys.get(key):
            yield (
                f"'{first}' is the broker; '{key}' is ignored",
                f"Remove '{first}' or '{key}'.",
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


@rule("django_q.E036", "django_redis names no cache of django-redis")
def redis_cache(settings: Settings) -> Findings:
    """`async_task` and `qcluster` end with an error."""
    caches, alias = settings.get("CACHES"), sound(settings)["django_redis"]
    if broker(settings) != "django_redis" or kind(caches) != "dict" or not alias:
        return
    cache = caches.get(alias)
    backend = cache.get("BACKEND") if kind(cache) == "dict" else ""
    if alias not in caches:
        yield (
            f"django_redis is {describe(alias)}, which is not an alias in CACHES",
            "Add it to CACHES, with django_redis.cache.RedisCache.",
        )
    elif kind(backend) == "str" and backend.startswith("django.core.cache."):
        yield (
            f"django_redis is {describe(alias)}, a cache of Django and not of "
            "django-redis",
            'Give it the BACKEND "django_redis.cache.RedisCache", or use "redis".',
        )


@rule("django_q.E038", "The package of the broker is not installed")
def missing_package(settings: Settings) -> Findings:
    """`async_task` and `qcluster` end with a ModuleNotFoundError."""
    findings, named = settings.get("FOUND", {}), broker(settings)
    if named == "broker_class":
        path = cluster(settings)["broker_class"]
        top = path.split(".")[0] if kind(path) == "str" and "." in path else ""
        if not findings.get(top, True):
            yield (
                f"broker_class is {describe(path)}, and no module {describe(top)} "
                "can be imported",
                "Correct the dotted path.",
            )
    else:
        module, distribution = NEEDS.get(named or "redis", ["", ""])
        if not findings.get(module, True):
            yield (
                f"the broker needs {distribution}, which is not installed",
                f"Install {distribution}, or name another broker.",
            )


@rule("django_q.E009", "Q_CLUSTER_NAME without ALT_CLUSTERS")
def alt_clusters(settings: Settings) -> Findings:
    """Every command of `manage.py` ends with a KeyError."""
    name, names = alternative(settings), kind(settings.get("Q_CLUSTER")) != "other"
    if name and names and "ALT_CLUSTERS" not in written(settings):
        yield (
            f"Q_CLUSTER_NAME is {describe(name)}, and Q_CLUSTER has no ALT_CLUSTERS",
            f'Add "ALT_CLUSTERS": {{"{name}": {{}}}}, or unset Q_CLUSTER_NAME.',
        )


def entries(settings: Settings) -> Settings:
    """Return the entries of ALT_CLUSTERS that Django-Q2 can use, by their names."""
    others = written(settings).get("ALT_CLUSTERS")
    table = others if kind(others) == "dict" else {}
    named = [name for name in table if kind(name) == "str"]
    return [[name, table[name]] for name in named if kind(table[name]) == "dict"]


@rule("django_q.W019", "A Q_CLUSTER_NAME that ALT_CLUSTERS does not name")
def other_name(settings: Settings) -> Findings:
    """The cluster serves a queue of that name, with the keys of Q_CLUSTER."""
    name, others = alternative(settings), written(settings).get("ALT_CLUSTERS")
    if name and kind(others) == "dict" and others and name not in others:
        near = nearest(name, [key for key in others if kind(key) == "str"])
        yield (
            f"Q_CLUSTER_NAME is {describe(name)}, which ALT_CLUSTERS does not name",
            f"Call it '{near}'." if near else f"Add {describe(name)} to ALT_CLUSTERS.",
        )


@rule("django_q.W034", "A mistake in an entry of ALT_CLUSTERS")
def other_clusters(settings: Settings) -> Findings:
    """A cluster with that Q_CLUSTER_NAME has it; this process has not."""
    worse = [one for one in RULES if one["id"].split(".")[1][:1] != "I"]
    others = [one for one in worse if one["id"] != "django_q.W034"]
    here = [findings[0] for one in others for findings in one["function"](settings)]
    for name, _ in entries(settings):
        if name == settings.get("Q_CLUSTER_NAME"):
            continue
        for one in others:
            for message, hint in one["function"]({**settings, "Q_CLUSTER_NAME": name}):
                if message not in here:
                    yield (
                        f"as {name}: {message}",
                        hint,
                    )


@rule("django_q.I035", "A name inside ALT_CLUSTERS")
def inner_name(settings: Settings) -> Findings:
    """Django-Q2 drops it: the entry's own name is the name of the queue."""
    for name, entry in entries(settings):
        for key in ["name", "cluster_name"]:
            if key in entry and entry[key] != name:
                yield (
                    f"'{key}' in ALT_CLUSTERS[{describe(name)}] is ignored",
                    f"Remove it; the queue of that cluster is {describe(name)}.",
                )
