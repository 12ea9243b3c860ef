"""Let only one process at a time run a block. A lock ends with its process.

The shell has the lock, so the task does not run:

>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.unique_tasks.locks import only_one
>>> from cookbook.recipes.unique_tasks.tasks import rebuild_index
>>> with only_one("search-index"):
...     result(async_task(rebuild_index), wait=60_000)
'skipped'
>>> result(async_task(rebuild_index), wait=60_000)
'rebuilt'
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

from django.core.exceptions import ImproperlyConfigured
from django.core.files import locks
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections

Confirm = Callable[[], None]


class LockHeldError(Exception):
    """Another process has this lock."""


class LockLostError(Exception):
    """This process had the lock, and another one may have it now."""


@contextmanager
def on_postgresql(name: str) -> Iterator[Confirm]:
    # Its own session: the task may close its connection, or be in a transaction.
    own = connections.create_connection(DEFAULT_DB_ALIAS)

    def ask(function: str) -> bool:
        with own.cursor() as cursor:
            cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
            return cursor.fetchone()[0]

    def confirm() -> None:
        try:
            own.cursor().execute("SELECT 1")
        except Error as error:
            raise LockLostError(name) from error

    try:
        if not ask("pg_try_advisory_lock"):
            raise LockHeldError(name)
        try:
            yield confirm
        finally:
            with suppress(Error):  # Then the session has ended, and the lock with it.
                ask("pg_advisory_unlock")
    finally:
        own.close()


@contextmanager
def on_sqlite(name: str) -> Iterator[Confirm]:
    """Lock a file beside the database; the kernel unlocks it when its process ends."""
    database = Path(connection.settings_dict["NAME"])
    folder = database.parent if database.is_file() else Path(gettempdir())
    with (folder / f"{sha256(name.encode()).hexdigest()}.lock").open("w") as file:
        if not locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
            raise LockHeldError(name)
        yield lambda: None


def only_one(name: str) -> AbstractContextManager[Confirm]:
    """Return a context manager that runs its block in one process at a time.

    Raises LockHeldError at once where another process runs one. Its value is a
    function that raises LockLostError where the lock has ended; call it before you
    write.
    """
    if connection.vendor == "postgresql":
        return on_postgresql(name)
    if connection.vendor == "sqlite":
        return on_sqlite(name)
    raise ImproperlyConfigured(f"no lock for {connection.vendor}: use locks_redis")
