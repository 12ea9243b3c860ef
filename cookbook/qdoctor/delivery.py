"""Rules for how often a task runs, and for how long."""

from .rules import (
    Findings,
    Settings,
    acknowledges,
    broker,
    cluster,
    configured,
    fetch_size,
    longest_hold,
    rule,
    sound,
)
from .values import describe, kind


@rule("django_q.W010", "No time limit")
def no_timeout(settings: Settings) -> Findings:
    """A task that hangs occupies its worker until somebody kills it."""
    timeout = sound(settings)["timeout"]
    typed = kind(cluster(settings).get("timeout", 0)) in ["int", "None"]
    if configured(settings) and typed and (timeout is None or timeout == -1):
        yield (
            f"timeout is {describe(timeout)}, so a task that hangs keeps its worker",
            "Set timeout to the seconds that your longest task needs.",
        )


@rule("django_q.W017", "A timeout that kills the worker")
def timeout_zero(settings: Settings) -> Findings:
    """The task gets no alarm, but the sentinel kills its worker.

    No result is stored, and a broker that acknowledges delivers the task again.
    """
    if sound(settings)["timeout"] == 0:
        yield (
            "timeout is 0, so the worker of a task is killed after about 3 seconds",
            "Set timeout to the seconds that your longest task needs.",
        )


@rule("django_q.E011", "retry is not above timeout")
def retry_below_timeout(settings: Settings) -> Findings:
    """A task that still runs is delivered again, and runs twice at once."""
    values = sound(settings)
    limit = values["timeout"] or 0
    if acknowledges(settings) and limit > 0 and values["retry"] <= limit:
        safe = longest_hold(values, broker(settings)) or limit
        yield (
            f"retry ({describe(values['retry'])}) is not above timeout "
            f"({describe(limit)}): a running task runs again",
            f"Set retry above {describe(safe)}.",
        )


@rule("django_q.W012", "retry is shorter than a task may wait in memory")
def retry_below_hold(settings: Settings) -> Findings:
    """`retry` counts from the moment when a cluster fetches a task.

    The task then waits in the memory of the cluster, behind all that came before.
    """
    values, named = sound(settings), broker(settings)
    timeout, retry, limit = values["timeout"], values["retry"], values["queue_limit"]
    if not acknowledges(settings) or not timeout or timeout < 1 or retry <= timeout:
        return
    most = longest_hold(values, named)
    if not limit or limit < 0:
        yield (
            "queue_limit is unlimited, so no retry is long enough",
            f"Set queue_limit to {describe(values['workers'])}.",
        )
    elif fetch_size(values, named) < 1:
        yield "bulk is unlimited, so no retry is long enough", "Set bulk to 1."
    elif retry <= most:
        yield (
            f"retry is {describe(retry)}, and a task may end {describe(most)} s after "
            "it was fetched",
            f"Set retry above {describe(most)}"
            + (", or lower queue_limit." if limit > 1 else "."),
        )


@rule("django_q.W013", "ack_failures makes max_attempts useless")
def ack_and_attempts(settings: Settings) -> Findings:
    """A failed task is acknowledged at its first attempt, so there is no second."""
    values = sound(settings)
    if values["ack_failures"] and values["max_attempts"] > 1:
        yield (
            "ack_failures ends a failed task after 1 attempt; max_attempts is "
            f"{describe(values['max_attempts'])}",
            "Remove ack_failures to have the attempts, or max_attempts.",
        )


@rule("django_q.W014", "Attempts that the broker never makes")
def attempts_on_redis(settings: Settings) -> Findings:
    """Redis forgets a task when it is fetched, so a failed one does not come back."""
    attempts = sound(settings)["max_attempts"]
    if broker(settings) in ["redis", "django_redis"] and attempts > 1:
        yield (
            f"max_attempts is {describe(attempts)}, and the Redis broker never "
            "delivers a task again",
            "Retry inside the task, or use a broker that acknowledges.",
        )
