"""Show what stops "database is locked": IMMEDIATE does, WAL does not.

What Django sends for `transaction.atomic()` under the settings of this recipe:

>>> import sqlite3
>>> from contextlib import closing
>>> from cookbook.recipes.sqlite_in_production.locks import collide
>>> from django.db import connection, transaction
>>> from django.test.utils import CaptureQueriesContext
>>> with CaptureQueriesContext(connection) as sent, transaction.atomic():
...     pass
>>> [query["sql"] for query in sent]
['BEGIN IMMEDIATE', 'COMMIT']

A transaction reads a counter, another one writes it, the first writes too:

>>> for begin in "BEGIN", "BEGIN IMMEDIATE":
...     for journal_mode in "DELETE", "WAL":
...         print(begin, journal_mode, collide(begin, journal_mode), sep=" | ")
BEGIN | DELETE | database is locked
BEGIN | WAL | database is locked
BEGIN IMMEDIATE | DELETE | 2
BEGIN IMMEDIATE | WAL | 2

The price: a block that only reads keeps the others from writing, too:

>>> from cookbook.recipes.sqlite_in_production.models import Member
>>> with transaction.atomic():
...     Member.objects.count()
...     with closing(sqlite3.connect(connection.settings_dict["NAME"], 0)) as other:
...         other.execute("DELETE FROM club_member")
Traceback (most recent call last):
    ...
sqlite3.OperationalError: database is locked
"""

import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event


def collide(begin, journal_mode):
    """Add one to a counter twice at once; return the counter, or the error."""
    file = Path(tempfile.mkdtemp(), "trial.sqlite3")
    written = Event()

    def add_one():
        with closing(sqlite3.connect(file, timeout=20)) as second, second:
            second.execute("UPDATE counter SET number = number + 1")
            written.set()

    with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as first:
        first.execute(f"PRAGMA journal_mode={journal_mode}")
        first.execute("CREATE TABLE counter AS SELECT 0 AS number")
        with ThreadPoolExecutor() as other:
            first.execute(begin)
            (number,) = first.execute("SELECT number FROM counter").fetchone()
            second = other.submit(add_one)
            if begin == "BEGIN":  # Nothing holds the second back.
                written.wait()
            try:
                first.execute("UPDATE counter SET number = ?", [number + 1])
            except sqlite3.OperationalError as error:
                return str(error)
            finally:
                first.execute("COMMIT")
            second.result()
        return first.execute("SELECT number FROM counter").fetchone()[0]
