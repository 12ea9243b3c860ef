"""Rules for the database, the guard, and what should not be left on."""

from .rules import broker, configured, kind, meets_zero, rule, shown, sound


def sqlite(given):
    """Return the OPTIONS of the SQLite database that holds the queue, or None."""
    databases, alias = given.get("DATABASES"), sound(given)["orm"] or "default"
    if kind(databases) != "dict" or not alias or broker(given) != "orm":
        return None
    database = databases.get(alias)
    engine = database.get("ENGINE", "") if kind(database) == "dict" else ""
    if kind(engine) != "str" or not engine.endswith("sqlite3"):
        return None
    options = database.get("OPTIONS", {})
    return options if kind(options) == "dict" else {}


@rule("django_q.W020", "SQLite transactions begin as readers")
def sqlite_deferred(given):
    """A task that reads and then writes fails with "database is locked".

    It does so with one worker, too, because the monitor and the site also write.

    >>> from cookbook.qdoctor.running import sqlite_deferred
    >>> def project(**options):
    ...     engine = "django.db.backends.sqlite3"
    ...     database = {"ENGINE": engine, "OPTIONS": options}
    ...     return {"Q_CLUSTER": {"orm": "default"}, "DATABASES": {"default": database}}
    >>> list(sqlite_deferred(project()))[0][0]
    'SQLite takes no write lock at the beginning of a transaction'
    >>> list(sqlite_deferred(project(transaction_mode="IMMEDIATE")))
    []
    """
    options = sqlite(given)
    if options is not None:
        mode = options.get("transaction_mode")
        if kind(mode) != "str" or mode.upper() not in ["IMMEDIATE", "EXCLUSIVE"]:
            yield (
                "SQLite takes no write lock at the beginning of a transaction",
                'Put "transaction_mode": "IMMEDIATE" into the OPTIONS.',
            )


@rule("django_q.I021", "The settings do not switch SQLite to WAL")
def sqlite_journal(given):
    """Without WAL a long reader keeps a writer waiting.

    A note, because WAL stays in the file once something has switched it on.

    >>> from cookbook.qdoctor.running import sqlite_journal
    >>> def project(**options):
    ...     engine = "django.db.backends.sqlite3"
    ...     database = {"ENGINE": engine, "OPTIONS": options}
    ...     return {"Q_CLUSTER": {"orm": "default"}, "DATABASES": {"default": database}}
    >>> list(sqlite_journal(project()))[0][0]
    'no init_command switches SQLite to WAL'
    >>> list(sqlite_journal(project(init_command="PRAGMA journal_mode=WAL")))
    []
    """
    options = sqlite(given)
    if options is not None:
        command = options.get("init_command")
        if kind(command) != "str" or "wal" not in command.lower():
            yield (
                "no init_command switches SQLite to WAL",
                'Put "init_command": "PRAGMA journal_mode=WAL" into the OPTIONS.',
            )


@rule("django_q.I022", "More workers than were tried on SQLite")
def sqlite_workers(given):
    """SQLite lets one process write at a time, with any number of workers.

    A note, because up to four were tried, and more may work as well.

    >>> from cookbook.qdoctor.running import sqlite_workers
    >>> database = {"ENGINE": "django.db.backends.sqlite3"}
    >>> def project(workers):
    ...     queue = {"orm": "default", "workers": workers}
    ...     return {"Q_CLUSTER": queue, "DATABASES": {"default": database}}
    >>> list(sqlite_workers(project(16)))[0][0]
    '16 workers share one SQLite file, and up to 4 were tried'
    >>> list(sqlite_workers(project(4)))
    []
    """
    workers = sound(given)["workers"]
    if sqlite(given) is not None and workers > 4:
        yield (
            f"{shown(workers)} workers share one SQLite file, and up to 4 were tried",
            "Count the errors of your own tasks, or set workers to 4 or fewer.",
        )


@rule("django_q.E023", "A guard_cycle that never fires")
def guard_never(given):
    """The guard counts its cycles to 30 seconds; cycles of 0 never add up.

    No schedule runs, no timeout is counted, and the sentinel takes a whole CPU.

    >>> from cookbook.qdoctor.running import guard_never
    >>> list(guard_never({"Q_CLUSTER": {"guard_cycle": 0}}))[0][0]
    'guard_cycle is 0, so the scheduler is never called'
    >>> list(guard_never({"Q_CLUSTER": {"guard_cycle": 0.5}}))
    []
    """
    cycle = sound(given)["guard_cycle"]
    if cycle <= 0:
        yield (
            f"guard_cycle is {shown(cycle)}, so the scheduler is never called",
            "Remove guard_cycle; its default is 0.5.",
        )


@rule("django_q.W024", "A guard_cycle that is too slow")
def guard_slow(given):
    """A cluster's report holds for three seconds; the next has to come before.

    A worker that ended also stays away until the next cycle.

    >>> from cookbook.qdoctor.running import guard_slow
    >>> list(guard_slow({"Q_CLUSTER": {"guard_cycle": 10}}))[0][0]
    'guard_cycle is 10: between its reports the cluster looks dead'
    >>> list(guard_slow({"Q_CLUSTER": {"guard_cycle": 1}}))
    []
    """
    cycle = sound(given)["guard_cycle"]
    if cycle >= 3:
        yield (
            f"guard_cycle is {shown(cycle)}: between its reports the cluster looks "
            "dead",
            "Set guard_cycle below 3.",
        )


@rule("django_q.W029", "A guard_cycle that steps over zero")
def guard_misses(given):
    """A task that swallows its timeout is killed when the guard counts exactly 0.

    It counts down from `timeout` + 3, and a `timeout` of a task counts likewise.

    >>> from cookbook.qdoctor.running import guard_misses
    >>> queue = {"timeout": 60, "guard_cycle": 0.3}
    >>> list(guard_misses({"Q_CLUSTER": queue}))[0][0]
    'guard_cycle is 0.3 and steps over 0: a task that hangs may never be killed'
    >>> list(guard_misses({"Q_CLUSTER": queue | {"guard_cycle": 0.5}}))
    []
    """
    values = sound(given)
    timeout, cycle = values["timeout"], values["guard_cycle"]
    if timeout is None or min(timeout, cycle) < 0 or not max(timeout, cycle) < 1e6:
        return
    if cycle > 0 and not meets_zero(timeout, cycle):
        yield (
            f"guard_cycle is {shown(cycle)} and steps over 0: a task that hangs may "
            "never be killed",
            "Set guard_cycle to 0.25, 0.5 or 1.",
        )


@rule("django_q.W025", "sync is left on")
def sync_in_production(given):
    """Each task runs inside of the request, which waits and gets its errors.

    >>> from cookbook.qdoctor.running import sync_in_production
    >>> def project(debug):
    ...     return {"Q_CLUSTER": {"orm": "default", "sync": True}, "DEBUG": debug}
    >>> list(sync_in_production(project(debug=False)))[0][0]
    'sync is on, so every request waits for its tasks'
    >>> list(sync_in_production(project(debug=True)))
    []
    """
    if sound(given)["sync"] and not given.get("DEBUG"):
        yield (
            "sync is on, so every request waits for its tasks",
            "Remove sync from Q_CLUSTER, and give sync=True to async_task in a test.",
        )


@rule("django_q.W026", "DEBUG makes the workers grow", deploy=True)
def debug_grows(given):
    """With DEBUG each connection remembers its queries, and only a request forgets.

    >>> from cookbook.qdoctor.running import debug_grows
    >>> list(debug_grows({"Q_CLUSTER": {"orm": "default"}, "DEBUG": True}))[0][0]
    'DEBUG is on, so each worker remembers its last 9,000 queries'
    >>> list(debug_grows({"Q_CLUSTER": {"orm": "default"}, "DEBUG": False}))
    []
    """
    if configured(given) and given.get("DEBUG"):
        yield (
            "DEBUG is on, so each worker remembers its last 9,000 queries",
            "Run clusters with DEBUG = False.",
        )


@rule("django_q.W027", "Nothing logs to django_q")
def wrong_logger(given):
    """The logger of Django-Q2 is called `django-q`, with a hyphen.

    >>> from cookbook.qdoctor.running import wrong_logger
    >>> list(wrong_logger({"LOGGING": {"loggers": {"django_q": {}}}}))[0][0]
    "LOGGING names the logger 'django_q', to which nothing is logged"
    >>> list(wrong_logger({"LOGGING": {"loggers": {"django-q": {}}}}))
    []
    """
    logging = given.get("LOGGING")
    loggers = logging.get("loggers") if kind(logging) == "dict" else None
    if kind(loggers) == "dict" and "django_q" in loggers:
        yield (
            "LOGGING names the logger 'django_q', to which nothing is logged",
            "Call it 'django-q', with a hyphen.",
        )


@rule("django_q.W028", "Many kept results slow down each new one")
def many_results(given):
    """For each result the monitor reads all that are kept.

    >>> from cookbook.qdoctor.running import many_results
    >>> list(many_results({"Q_CLUSTER": {"save_limit": 10000}}))[0][0]
    'save_limit is 10000: each result reads as many rows'
    >>> list(many_results({"Q_CLUSTER": {"save_limit": 250}}))
    []
    """
    limit = sound(given)["save_limit"]
    if limit > 1000:
        yield (
            f"save_limit is {shown(limit)}: each result reads as many rows",
            "Set save_limit to 0 and delete old results on a schedule.",
        )
