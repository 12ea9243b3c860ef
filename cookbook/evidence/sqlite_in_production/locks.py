"""IMMEDIATE ends "database is locked", WAL does not.

A transaction reads a counter, another connection adds one to it, the first transaction
writes what it has computed. Django's default is a plain `BEGIN`:

>>> from cookbook.evidence.sqlite_in_production.locks import edges
>>> print(edges())
| Transaction, journal | The first transaction |
| --- | --- |
| `BEGIN`, DELETE | fails: database is locked |
| `BEGIN`, WAL | fails: database is locked |
| `BEGIN IMMEDIATE`, DELETE | counts to 2 |
| `BEGIN IMMEDIATE`, WAL | counts to 2 |

The price: while a block only reads, another connection cannot write. This one waits for
0 seconds; with 20 it would wait longer:

>>> from cookbook.evidence.sqlite_in_production.locks import write_beside
>>> write_beside("BEGIN IMMEDIATE"), write_beside("BEGIN")
('database is locked', 'written')
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from cookbook.harness.trial import table


@contextmanager
def counter(journal_mode="WAL"):
    """Give the file of a counter that is 0, and a connection to it."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "trial.sqlite3")
        with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as first:
            first.execute(f"PRAGMA journal_mode={journal_mode}")
            first.execute("CREATE TABLE counter AS SELECT 0 AS number")
            yield file, first


def read(connection):
    return connection.execute("SELECT number FROM counter").fetchone()[0]


def collide(begin, journal_mode):
    """Add one to a counter twice at once; return what becomes of the first."""
    written = Event()

    def add_one():
        with closing(sqlite3.connect(file, timeout=20)) as second, second:
            second.execute("UPDATE counter SET number = number + 1")
            written.set()

    with counter(journal_mode) as (file, first), ThreadPoolExecutor() as other:
        first.execute(begin)
        number = read(first)
        second = other.submit(add_one)
        if begin == "BEGIN":  # Nothing holds the second back.
            written.wait()
        try:
            first.execute("UPDATE counter SET number = ?", [number + 1])
        except sqlite3.OperationalError as error:
            return f"fails: {error}"
        finally:
            first.execute("COMMIT")
        second.result()
        return f"counts to {read(first)}"


def edges():
    rows = {
        f"`{begin}`, {journal_mode}": collide(begin, journal_mode)
        for begin in ("BEGIN", "BEGIN IMMEDIATE")
        for journal_mode in ("DELETE", "WAL")
    }
    return table(rows, heads=("Transaction, journal", "The first transaction"))


def write_beside(begin):
    """Write while another transaction reads; return the error, if there is one."""
    with counter() as (file, first), closing(sqlite3.connect(file, 0)) as second:
        first.execute(begin)
        read(first)
        try:
            second.execute("UPDATE counter SET number = 1")
        except sqlite3.OperationalError as error:
            return str(error)
        return "written"
