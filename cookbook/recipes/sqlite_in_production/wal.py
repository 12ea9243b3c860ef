"""Turn WAL on by a signal, where the options of a database cannot be changed.

What the OPTIONS of the settings do to a new file, which every other program then
finds in WAL mode, too:

>>> from contextlib import closing
>>> from cookbook.recipes.sqlite_in_production.wal import connect, pragma, use_wal
>>> import sqlite3, tempfile
>>> from pathlib import Path
>>> from cookbook.recipes.sqlite_in_production.settings import DATABASES
>>> file = Path(tempfile.mkdtemp(), "club.sqlite3")
>>> ours = connect(file, **DATABASES["default"]["OPTIONS"])
>>> pragma(ours, "journal_mode"), pragma(ours, "synchronous")
('wal', 1)
>>> with closing(sqlite3.connect(file)) as plain:
...     pragma(plain, "journal_mode"), pragma(plain, "synchronous")
('wal', 2)

The mode is kept in the file. `synchronous` is not: 2 is FULL, SQLite's default.

The signal does the same to a file that nothing else has told to use WAL:

>>> from django.db.backends.signals import connection_created
>>> from django.db.backends.sqlite3.base import DatabaseWrapper
>>> file = Path(tempfile.mkdtemp(), "signal.sqlite3")
>>> pragma(connect(file), "journal_mode")
'delete'
>>> connection_created.connect(use_wal, sender=DatabaseWrapper)
>>> pragma(connect(file), "journal_mode")
'wal'
>>> connection_created.disconnect(use_wal, sender=DatabaseWrapper)
True
>>> pragma(connect(file), "journal_mode")
'wal'

A connection waits for a lock for five seconds without `PRAGMA busy_timeout=5000`.
The option `timeout` sets the same thing, in seconds, and the PRAGMA undoes it:

>>> pragma(connect(file), "busy_timeout")
5000
>>> pragma(connect(file, timeout=20), "busy_timeout")
20000
>>> patient = connect(file, timeout=20)
>>> with patient.cursor() as cursor:
...     _ = cursor.execute("PRAGMA busy_timeout=5000")
>>> pragma(patient, "busy_timeout")
5000
"""

from contextlib import closing

from django.db import connections


def use_wal(connection, **kwargs):
    """Receive `connection_created`, which is sent for each new connection."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")


def connect(file, **options):
    """Open an SQLite file as Django does, with these OPTIONS and no others."""
    trial = connections["default"].copy("trial")
    trial.settings_dict |= {"NAME": file, "OPTIONS": options}
    trial.connect()
    return trial


def pragma(connection, name):
    """Return what a connection has a PRAGMA set to."""
    with closing(connection.cursor()) as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]
