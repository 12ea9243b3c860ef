"""Rules for the guard of the cluster, and for what should not be left on."""

from ctypes import c_float

from .rules import (
    Findings,
    Settings,
    cluster,
    configured,
    inline,
    rule,
    sound,
)
from .values import describe, kind, nearest


def single(number: float) -> float:
    """Return a number as the timer of a worker holds it, in 32 bits."""
    return c_float(number).value


def meets_zero(timeout: float, cycle: float) -> bool:
    """Return whether the guard, which subtracts its cycle, meets exactly 0."""
    timer, most = single(timeout + 3), 100_000  # Nobody waits for more.
    for _ in range(int(min(most, 2 * timer / cycle + 2))):
        if timer <= 0:
            return timer == 0
        timer = single(timer - cycle)
    return True


@rule("django_q.W023", "A guard_cycle that never fires")
def guard_never(settings: Settings) -> Findings:
    """The guard adds up its cycles to 30 seconds; cycles of 0 never add up.

    No schedule runs, no timeout is counted, and the sentinel uses a whole CPU.
    """
    cycle = sound(settings)["guard_cycle"]
    if cycle <= 0 and not inline(settings):
        yield (
            f"guard_cycle is {describe(cycle)}, so the scheduler is never called",
            "Remove guard_cycle; its default is 0.5.",
        )


@rule("django_q.W024", "A guard_cycle that is too slow")
def guard_slow(settings: Settings) -> Findings:
    """A heartbeat lives three seconds, and the next one must come before.

    A worker that ended is also replaced only in the next cycle.
    """
    cycle = sound(settings)["guard_cycle"]
    if cycle >= 3 and not inline(settings):
        yield (
            f"guard_cycle is {describe(cycle)}: between its heartbeats the cluster "
            "looks dead",
            "Set guard_cycle below 3.",
        )


@rule("django_q.W029", "A guard_cycle that skips 0")
def guard_misses(settings: Settings) -> Findings:
    """A task that swallows its timeout is killed when the timer is exactly 0.

    The guard counts down from `timeout` + 3, and from a task's own `timeout` too.
    """
    values = sound(settings)
    timeout, cycle = values["timeout"], values["guard_cycle"]
    if timeout is None or min(timeout, cycle) < 0 or not max(timeout, cycle) < 1e6:
        return
    if cycle > 0 and not inline(settings) and not meets_zero(timeout, cycle):
        yield (
            f"guard_cycle is {describe(cycle)}, which skips 0: a task that hangs may "
            "never be killed",
            "Set guard_cycle to 0.25, 0.5 or 1.",
        )


@rule("django_q.W025", "sync is left on")
def sync_in_production(settings: Settings) -> Findings:
    """Each task runs inside the request, which waits for it and gets its errors."""
    quiet = settings.get("DEBUG") or settings.get("TESTS")
    if sound(settings)["sync"] and not quiet:
        yield (
            "sync is on, so every request waits for its tasks",
            "Remove sync from Q_CLUSTER, and give sync=True to async_task in a test.",
        )


@rule("django_q.W031", "A time zone that does not exist")
def unknown_zone(settings: Settings) -> Findings:
    """Each daily, weekly, monthly or cron schedule stops the scheduler.

    A warning, because tasks run. E050 finds the schedules.
    """
    keys, zones = cluster(settings), settings.get("ZONES")
    zone, read = keys.get("time_zone"), settings.get("USE_TZ", True)
    if "time_zone" not in keys or not read or not sound(settings)["scheduler"]:
        return
    word = zone if kind(zone) == "str" else ""
    stray = word and zones and word not in zones
    if kind(zone) != "other" and (not word or stray):
        near = nearest(word, zones or [])
        yield (
            f"time_zone is {describe(zone)}, which is no time zone",
            f"Call it '{near}'." if near else "Name one such as 'Europe/Berlin'.",
        )


@rule("django_q.W037", "An error reporter that is not installed")
def reporter(settings: Settings) -> Findings:
    """Django-Q2 looks for its entry point, finds none, and reports nothing."""
    installed, wanted = settings.get("REPORTERS"), sound(settings)["error_reporter"]
    if kind(installed) not in ["list", "dict"] or kind(wanted) != "dict":
        return
    for name in wanted:
        if name not in installed:
            plugin = f"django-q-{name}" if name in ["sentry", "rollbar"] else ""
            yield (
                f"no reporter named {describe(name)} is installed, so none reports",
                f"Install {plugin or 'the package that has it'}.",
            )


@rule("django_q.W026", "DEBUG makes the workers grow", deploy=True)
def debug_grows(settings: Settings) -> Findings:
    """Each connection remembers its queries, and only a request forgets them."""
    if configured(settings) and settings.get("DEBUG"):
        yield (
            "DEBUG is on, so each worker remembers its last 9,000 queries",
            "Run clusters with DEBUG = False.",
        )


@rule("django_q.W027", "Nothing logs to django_q")
def wrong_logger(settings: Settings) -> Findings:
    """The logger of Django-Q2 is called `django-q`, with a hyphen."""
    logging = settings.get("LOGGING")
    loggers = logging.get("loggers") if kind(logging) == "dict" else {}
    if kind(loggers) == "dict" and "django_q" in loggers:
        yield (
            "LOGGING names the logger 'django_q', to which nothing is logged",
            "Call it 'django-q', with a hyphen.",
        )
