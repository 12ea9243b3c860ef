"""Rules for how often a task runs, and for how long."""

from .keys import LOCAL
from .rules import (
    acknowledges,
    broker,
    cluster,
    configured,
    handed_out,
    kind,
    longest_hold,
    rule,
    shown,
    sound,
)


@rule("django_q.W010", "No time limit")
def no_timeout(given):
    """A task that hangs then occupies its worker until somebody kills it.

    >>> from cookbook.qdoctor.delivery import no_timeout
    >>> list(no_timeout({"Q_CLUSTER": {"orm": "default"}}))[0][0]
    'timeout is None, so a task that hangs keeps its worker'
    >>> list(no_timeout({"Q_CLUSTER": {"timeout": 60}}))
    []
    """
    timeout = sound(given)["timeout"]
    typed = kind(cluster(given).get("timeout", 0)) in ["int", "None"]
    if configured(given) and typed and (timeout is None or timeout == -1):
        yield (
            f"timeout is {shown(timeout)}, so a task that hangs keeps its worker",
            "Set timeout to the seconds that your longest task needs.",
        )


@rule("django_q.W017", "A timeout that kills the worker")
def timeout_zero(given):
    """It sets no alarm for the task, and the sentinel ends the worker all the same.

    No result is stored, and a broker that acknowledges hands the task out again.

    >>> from cookbook.qdoctor.delivery import timeout_zero
    >>> list(timeout_zero({"Q_CLUSTER": {"timeout": 0}}))[0][0]
    'timeout is 0, so the worker of a task is killed after about 3 seconds'
    >>> list(timeout_zero({"Q_CLUSTER": {"timeout": None}}))
    []
    """
    if sound(given)["timeout"] == 0:
        yield (
            "timeout is 0, so the worker of a task is killed after about 3 seconds",
            "Set timeout to the seconds that your longest task needs.",
        )


@rule("django_q.E011", "retry is not above timeout")
def retry_below_timeout(given):
    """A task that still runs is handed out again, and runs twice at once.

    >>> from cookbook.qdoctor.delivery import retry_below_timeout
    >>> queue = {"orm": "default", "workers": 1, "timeout": 90}
    >>> list(retry_below_timeout({"Q_CLUSTER": queue}))[0][1]
    'Set retry above 270.'
    >>> list(retry_below_timeout({"Q_CLUSTER": queue | {"retry": 300}}))
    []
    """
    values = sound(given)
    limit = values["timeout"] or 0
    if acknowledges(given) and limit > 0 and values["retry"] <= limit:
        yield (
            f"retry ({shown(values['retry'])}) is not above timeout "
            f"({shown(limit)}): a running task runs again",
            f"Set retry above {shown(longest_hold(values, broker(given)) or limit)}.",
        )


@rule("django_q.W012", "retry is shorter than a task may wait in memory")
def retry_below_hold(given):
    """`retry` counts from the moment when a cluster takes a task from the queue.

    The task then waits in the memory of the cluster, behind all that came before.

    >>> from cookbook.qdoctor.delivery import retry_below_hold
    >>> queue = {"orm": "default", "workers": 2, "timeout": 60, "queue_limit": 10}
    >>> list(retry_below_hold({"Q_CLUSTER": queue | {"retry": 90}}))[0][0]
    'retry is 90, and a task may end 420 s after it was taken'
    >>> list(retry_below_hold({"Q_CLUSTER": queue | {"retry": 430}}))
    []
    """
    values, named = sound(given), broker(given)
    timeout, retry, limit = values["timeout"], values["retry"], values["queue_limit"]
    if not acknowledges(given) or not timeout or timeout < 1 or retry <= timeout:
        return
    most = longest_hold(values, named)
    if not limit or limit < 0:
        yield (
            "queue_limit is unlimited, so no retry is long enough",
            f"Set queue_limit to {shown(values['workers'])}.",
        )
    elif handed_out(values, named) < 1:
        yield "bulk is unlimited, so no retry is long enough", "Set bulk to 1."
    elif retry <= most:
        yield (
            f"retry is {shown(retry)}, and a task may end {shown(most)} s after it "
            "was taken",
            f"Set retry above {shown(most)}"
            + (", or lower queue_limit." if limit > 1 else "."),
        )


@rule("django_q.W013", "ack_failures makes max_attempts useless")
def ack_and_attempts(given):
    """A failed task is acknowledged at its first attempt, so there is no second.

    >>> from cookbook.qdoctor.delivery import ack_and_attempts
    >>> queue = {"orm": "default", "max_attempts": 3}
    >>> list(ack_and_attempts({"Q_CLUSTER": queue | {"ack_failures": True}}))[0][0]
    'ack_failures ends a failed task after 1 attempt; max_attempts is 3'
    >>> list(ack_and_attempts({"Q_CLUSTER": queue}))
    []
    """
    values = sound(given)
    if values["ack_failures"] and values["max_attempts"] > 1:
        yield (
            "ack_failures ends a failed task after 1 attempt; max_attempts is "
            f"{shown(values['max_attempts'])}",
            "Remove ack_failures to have the attempts, or max_attempts.",
        )


@rule("django_q.W014", "Attempts that the broker never makes")
def attempts_on_redis(given):
    """Redis forgets a task when it is taken, so a failed one does not come back.

    >>> from cookbook.qdoctor.delivery import attempts_on_redis
    >>> queue = {"redis": "redis://queue", "max_attempts": 3}
    >>> list(attempts_on_redis({"Q_CLUSTER": queue}))[0][0]
    'max_attempts is 3, and the Redis broker never hands out a task again'
    >>> list(attempts_on_redis({"Q_CLUSTER": {"orm": "default", "max_attempts": 3}}))
    []
    """
    attempts = sound(given)["max_attempts"]
    if broker(given) in ["redis", "django_redis"] and attempts > 1:
        yield (
            f"max_attempts is {shown(attempts)}, and the Redis broker never hands "
            "out a task again",
            "Retry inside of the task, or take a broker that acknowledges.",
        )


def private_cache(given):
    """Return the name of Django-Q2's cache if no other process can read it, or ""."""
    caches, alias = given.get("CACHES"), sound(given)["cache"]
    own = caches.get(alias) if kind(caches) == "dict" else None
    backend = own.get("BACKEND") if kind(own) == "dict" else ""
    for local in LOCAL if kind(backend) == "str" else []:
        if backend.endswith(local):
            return local.split(".")[1]
    return ""


@rule("django_q.I015", "The cache belongs to one process")
def local_cache(given):
    """`qmonitor` and `qinfo` show no cluster, because it reports to its own memory.

    A note, because nothing but these and `Stat` needs the reports: tasks run.

    >>> from cookbook.qdoctor.delivery import local_cache
    >>> def cached(name):
    ...     backend = f"django.core.cache.backends.{name}"
    ...     queue = {"orm": "default"}
    ...     return {"Q_CLUSTER": queue, "CACHES": {"default": {"BACKEND": backend}}}
    >>> list(local_cache(cached("locmem.LocMemCache")))[0][0]
    'the cluster reports to LocMemCache, so qmonitor and qinfo show no cluster'
    >>> list(local_cache(cached("db.DatabaseCache")))
    []
    """
    name = private_cache(given)
    if name and broker(given) not in ["redis", "django_redis", ""]:
        yield (
            f"the cluster reports to {name}, so qmonitor and qinfo show no cluster",
            "To see it, give CACHES a shared one: database, file, Redis or Memcached.",
        )


@rule("django_q.W018", "Results in the cache of one process")
def local_results(given):
    """Who sent the task never finds its result, and no row has it either.

    >>> from cookbook.qdoctor.delivery import local_results
    >>> def cached(name):
    ...     backend = f"django.core.cache.backends.{name}"
    ...     queue = {"orm": "default", "cached": 60}
    ...     return {"Q_CLUSTER": queue, "CACHES": {"default": {"BACKEND": backend}}}
    >>> list(local_results(cached("locmem.LocMemCache")))[0][0]
    'cached sends results to LocMemCache, where no other process finds them'
    >>> list(local_results(cached("db.DatabaseCache")))
    []
    """
    name = private_cache(given)
    if name and sound(given)["cached"]:
        yield (
            f"cached sends results to {name}, where no other process finds them",
            "Give CACHES a shared one: database, file, Redis or Memcached.",
        )


@rule("django_q.W016", "The cache does not exist")
def unknown_cache(given):
    """Then the cluster reports nowhere, and says nothing of it.

    >>> from cookbook.qdoctor.delivery import unknown_cache
    >>> caches = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}
    >>> queue = {"orm": "default", "cache": "queue"}
    >>> list(unknown_cache({"Q_CLUSTER": queue, "CACHES": caches}))[0][0]
    "cache is 'queue', which is no alias in CACHES"
    >>> list(unknown_cache({"Q_CLUSTER": {"orm": "default"}, "CACHES": caches}))
    []
    """
    caches, alias = given.get("CACHES"), sound(given)["cache"]
    if kind(caches) == "dict" and alias not in caches:
        yield (
            f"cache is {shown(alias)}, which is no alias in CACHES",
            "Add it to CACHES, or name one that is there.",
        )
