"""WAL by an option, WAL by a signal, and what busy_timeout undoes.

`init_command` runs on each new connection, and Django makes one for each task unless
`CONN_MAX_AGE` is set. WAL is kept in the file: a program that does not use Django finds
it there. `synchronous` is not kept: 1 is NORMAL, and 2 is FULL, SQLite's default.

>>> import sqlite3
>>> from contextlib import closing
>>> from pathlib import Path
>>> from tempfile import mkdtemp
>>> from cookbook.evidence.sqlite_in_production.wal import connect, pragma
>>> from cookbook.recipes.sqlite_in_production.settings import DATABASES
>>> file = Path(mkdtemp(), "site.sqlite3")
>>> ours = connect(file, **DATABASES["default"]["OPTIONS"])
>>> pragma(ours, "journal_mode"), pragma(ours, "synchronous")
('wal', 1)
>>> with closing(sqlite3.connect(file)) as plain:
...     pragma(plain, "journal_mode"), pragma(plain, "synchronous")
('wal', 2)

Before Django 5.1 a signal did this. You need it only where you cannot change the
OPTIONS. A new file is in WAL mode after the first connection with the signal, and it
stays in WAL mode without the signal:

>>> from pathlib import Path
>>> from tempfile import mkdtemp
>>> from django.db.backends.signals import connection_created
>>> from django.db.backends.sqlite3.base import DatabaseWrapper
>>> from cookbook.evidence.sqlite_in_production.wal import connect, pragma, use_wal
>>> file = Path(mkdtemp(), "signal.sqlite3")
>>> pragma(connect(file), "journal_mode")
'delete'
>>> connection_created.connect(use_wal, sender=DatabaseWrapper)
>>> pragma(connect(file), "journal_mode")
'wal'
>>> connection_created.disconnect(use_wal, sender=DatabaseWrapper)
True
>>> pragma(connect(file), "journal_mode")
'wal'

A common piece of advice adds `PRAGMA busy_timeout=5000` to the signal. It changes
nothing, because a connection waits for five seconds anyway. Beside the option
`timeout`, which sets the same thing in seconds, it does harm:

>>> from pathlib import Path
>>> from tempfile import mkdtemp
>>> from cookbook.evidence.sqlite_in_production.wal import connect, pragma
>>> file = Path(mkdtemp(), "site.sqlite3")
>>> pragma(connect(file), "busy_timeout")
5000
>>> patient = connect(file, timeout=20)
>>> pragma(patient, "busy_timeout")
20000
>>> with patient.cursor() as cursor:
...     _ = cursor.execute("PRAGMA busy_timeout=5000")
>>> pragma(patient, "busy_timeout")
5000
"""

from contextlib import closing

from django.db import connections


def use_wal(connection, **_):
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
