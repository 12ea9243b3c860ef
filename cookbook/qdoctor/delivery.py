"""Rules for how often a task runs, and for how long."""

from .rules import (
    Findings,
    Settings,
    acknowledges,
    base,
    cluster,
    configured,
    fetch_size,
    fits,
    inline,
    longest_hold,
    rule,
    sound,
)
from .values import describe


def endless(timeout: Settings) -> bool:
    """Return whether a task with this timeout may run for ever."""
    return timeout is None or timeout == -1 or timeout < -3


def killed_early(timeout: Settings) -> bool:
    """Return whether the timer of a worker reaches 0 with its first tasks."""
    return timeout is not None and timeout in [0, -2, -3]


def enough(values: Settings, named: str) -> str:
    """Return what to set so that no fetched task runs again before it ends."""
    workers = values["workers"]
    few = {**values, "queue_limit": workers, "bulk": 1}
    least = longest_hold(few, named)
    parts: list = []
    if values["queue_limit"] != workers:
        parts = [*parts, f"queue_limit to {describe(workers)}"]
    if fetch_size(values, named) != 1:
        parts = [*parts, "bulk to 1"]
    if values["retry"] <= least:
        parts = [*parts, f"retry above {describe(least)}"]
    last = len(parts) - 1
    return f"{', '.join(parts[:last])} and {parts[last]}" if last else parts[0]


@rule("django_q.W010", "No time limit")
def no_timeout(settings: Settings) -> Findings:
    """A task that hangs occupies its worker until somebody kills it."""
    timeout = sound(settings)["timeout"]
    right = fits("timeout", cluster(settings).get("timeout"))
    if configured(settings) and right and endless(timeout) and not inline(settings):
        yield (
            f"timeout is {describe(timeout)}, so a task that hangs keeps its worker",
            "Set timeout to the seconds that your longest task needs.",
        )


@rule("django_q.W017", "A timeout that kills the worker")
def timeout_zero(settings: Settings) -> Findings:
    """The task gets no alarm, but the sentinel kills its worker.

    No result is stored, and a broker that acknowledges delivers the task again.
    """
    timeout = sound(settings)["timeout"]
    if killed_early(timeout) and not inline(settings):
        yield (
            f"timeout is {describe(timeout)}, so the worker of a task is killed after "
            f"about {describe(timeout + 3)} seconds",
            "Set timeout to the seconds that your longest task needs.",
        )


@rule("django_q.W011", "retry is not above timeout")
def retry_below_timeout(settings: Settings) -> Findings:
    """A task that still runs is delivered again, and runs twice at once."""
    values = sound(settings)
    timeout, retry = values["timeout"], values["retry"]
    if not acknowledges(settings) or inline(settings) or killed_early(timeout):
        return
    if not fits("timeout", cluster(settings).get("timeout")):
        return
    if endless(timeout):
        example = enough({**values, "timeout": 300, "retry": 60}, base(settings))
        yield (
            f"no timeout ends a task before retry: after {describe(retry)} s it runs "
            "again while it runs",
            f"Set timeout to what your longest task needs: with 300, set {example}.",
        )
    elif retry <= timeout:
        yield (
            f"retry ({describe(retry)}) is not above timeout "
            f"({describe(timeout)}): a running task runs again",
            f"Set {enough(values, base(settings))}.",
        )


@rule("django_q.W012", "retry is shorter than a task may wait in memory")
def retry_below_hold(settings: Settings) -> Findings:
    """`retry` counts from the moment when a cluster fetches a task.

    The task then waits in the memory of the cluster, behind all that came before.
    """
    values, named = sound(settings), base(settings)
    timeout, retry, limit = values["timeout"], values["retry"], values["queue_limit"]
    if not acknowledges(settings) or inline(settings):
        return
    if endless(timeout) or timeout < 1 or retry <= timeout:
        return
    most = longest_hold(values, named)
    if not limit or limit < 0:
        yield (
            "queue_limit is unlimited, so no retry is long enough",
            f"Set {enough(values, named)}.",
        )
    elif fetch_size(values, named) < 1:
        yield (
            "bulk is unlimited, so no retry is long enough",
            (f"Set {enough(values, named)}."),
        )
    elif retry <= most:
        yield (
            f"retry is {describe(retry)}, and a task may end {describe(most)} s after "
            "it was fetched",
            f"Set {enough(values, named)}.",
        )


@rule("django_q.W013", "ack_failures makes max_attempts useless")
def ack_and_attempts(settings: Settings) -> Findings:
    """A failed task is acknowledged at its first attempt, so there is no second."""
    values = sound(settings)
    if values["ack_failures"] and values["max_attempts"] > 1 and not inline(settings):
        yield (
            "ack_failures ends a failed task after 1 attempt; max_attempts is "
            f"{describe(values['max_attempts'])}",
            "Remove ack_failures to have the attempts, or max_attempts.",
        )


@rule("django_q.W014", "Attempts that the broker never makes")
def attempts_on_redis(settings: Settings) -> Findings:
    """Redis forgets a task when it is fetched, so a failed one does not come back."""
    attempts = sound(settings)["max_attempts"]
    if base(settings) == "redis" and attempts > 1 and not inline(settings):
        yield (
            f"max_attempts is {describe(attempts)}, and the Redis broker never "
            "delivers a task again",
            "Retry inside the task, or use a broker that acknowledges.",
        )


@rule("django_q.I032", "Redis loses what a cluster has fetched")
def lost_on_redis(settings: Settings) -> Findings:
    """Redis forgets a task when it is fetched. A kill loses all that wait in memory."""
    values = sound(settings)
    workers, limit = values["workers"], values["queue_limit"]
    unlimited = not limit or limit < 0
    if not configured(settings) or base(settings) != "redis" or inline(settings):
        return
    if unlimited or limit > workers * workers:
        number = "all" if unlimited else f"up to {describe(limit + workers + 1)}"
        yield (
            f"a kill loses {number} fetched tasks, because Redis forgets them",
            f"Set queue_limit to {describe(workers)}.",
        )


@rule("django_q.I033", "A task that fails runs again for ever")
def endless_attempts(settings: Settings) -> Findings:
    """A failed task is not acknowledged, so it is delivered after each `retry`.

    A note, because it is Django-Q2's default.
    """
    values = sound(settings)
    endless = values["max_attempts"] < 1 and not values["ack_failures"]
    if acknowledges(settings) and endless and not inline(settings):
        yield (
            f"a task that fails runs again every {describe(values['retry'])} s, "
            "without an end",
            "Set max_attempts, to 3 for example.",
        )
