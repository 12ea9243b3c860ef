"""Rules for the cache and for stored results."""

from .keys import LOCAL
from .rules import Findings, Settings, base, inline, rule, sound
from .values import describe, kind


def private_cache(settings: Settings) -> str:
    """Return the name of Django-Q2's cache if no other process can read it, or ""."""
    caches, alias = settings.get("CACHES"), sound(settings)["cache"]
    own = caches.get(alias) if kind(caches) == "dict" else {}
    backend = own.get("BACKEND", "") if kind(own) == "dict" else ""
    if kind(backend) != "str":
        return ""
    for local in LOCAL:
        if backend.endswith(local):
            return local.split(".")[1]
    return ""


@rule("django_q.I015", "The cache belongs to one process")
def local_cache(settings: Settings) -> Findings:
    """`qmonitor` and `qinfo` show no cluster: it reports to its own memory.

    A note, because tasks run all the same.
    """
    name = private_cache(settings)
    if name and base(settings) != "redis" and not inline(settings):
        yield (
            f"the cluster reports to {name}, so qmonitor and qinfo show no cluster",
            "To see it, give CACHES a shared one: database, file, Redis or Memcached.",
        )


@rule("django_q.W018", "Results in the cache of one process")
def local_results(settings: Settings) -> Findings:
    """The process that enqueued a task never finds its result; no row has it."""
    name = private_cache(settings)
    if name and sound(settings)["cached"] and not inline(settings):
        yield (
            f"cached sends results to {name}, where no other process finds them",
            "Give CACHES a shared one: database, file, Redis or Memcached.",
        )


@rule("django_q.W016", "The cache does not exist")
def unknown_cache(settings: Settings) -> Findings:
    """The cluster reports nowhere, silently."""
    caches, alias = settings.get("CACHES"), sound(settings)["cache"]
    if kind(caches) == "dict" and alias not in caches and not inline(settings):
        yield (
            f"cache is {describe(alias)}, which is not an alias in CACHES",
            "Add it to CACHES, or name one that is in it.",
        )


@rule("django_q.W028", "Many stored results slow down each new one")
def many_results(settings: Settings) -> Findings:
    """For each result the monitor reads all that are stored."""
    limit = sound(settings)["save_limit"]
    if limit > 1000 and not inline(settings):
        yield (
            f"save_limit is {describe(limit)}: each result reads as many rows",
            "Set save_limit to 0 and delete old results on a schedule.",
        )
