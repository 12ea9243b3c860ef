"""Rules for a queue in SQLite."""

from .rules import Findings, Settings, base, configured, inline, rule, sound
from .values import describe, kind


def sqlite(settings: Settings) -> Settings:
    """Return the OPTIONS of the SQLite database of the queue or results, or None.

    With another broker than `orm` there is no queue in it, but results are.
    """
    databases, orm = settings.get("DATABASES"), sound(settings)["orm"]
    alias = orm or "default" if base(settings) == "orm" else "default"
    if kind(databases) != "dict" or not configured(settings) or inline(settings):
        return None
    database = databases.get(alias)
    engine = database.get("ENGINE", "") if kind(database) == "dict" else ""
    if kind(engine) != "str" or not engine.endswith("sqlite3"):
        return None
    options = database.get("OPTIONS", {})
    return options if kind(options) == "dict" else {}


@rule("django_q.W020", "SQLite transactions begin as readers")
def sqlite_deferred(settings: Settings) -> Findings:
    """A task that reads and then writes fails with "database is locked".

    One worker is enough for it, because the monitor and the site also write.
    """
    options = sqlite(settings)
    if options is not None:
        mode = options.get("transaction_mode")
        if kind(mode) != "str" or mode.upper() not in ["IMMEDIATE", "EXCLUSIVE"]:
            yield (
                "SQLite transactions begin without the write lock",
                'Put "transaction_mode": "IMMEDIATE" into the OPTIONS.',
            )


@rule("django_q.I021", "The settings do not switch SQLite to WAL")
def sqlite_journal(settings: Settings) -> Findings:
    """Without WAL a long reader keeps a writer waiting.

    A note, because WAL stays in the file once something has switched it on.
    """
    options = sqlite(settings)
    if options is not None:
        command = options.get("init_command")
        if kind(command) != "str" or "wal" not in command.lower():
            yield (
                "no init_command switches SQLite to WAL",
                'Put "init_command": "PRAGMA journal_mode=WAL" into the OPTIONS.',
            )


@rule("django_q.I022", "More workers than were tested on SQLite")
def sqlite_workers(settings: Settings) -> Findings:
    """SQLite lets one process write at a time, with any number of workers.

    A note, because more than four may work, but were not tested.
    """
    workers = sound(settings)["workers"]
    if sqlite(settings) is not None and base(settings) == "orm" and workers > 4:
        yield (
            f"{describe(workers)} workers share one SQLite file; up to 4 were tested",
            "Count the errors of your own tasks, or set workers to 4 or fewer.",
        )
