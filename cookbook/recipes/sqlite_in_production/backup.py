"""Back the database up while site and cluster write to it.

>>> from django.db import connection
>>> from cookbook.recipes.sqlite_in_production.backup import backup, members
>>> import shutil, tempfile
>>> from pathlib import Path
>>> from cookbook.recipes.sqlite_in_production.models import Member
>>> member = Member.objects.create(number=1, name="ada")
>>> folder = Path(tempfile.mkdtemp())
>>> copied = shutil.copy(connection.settings_dict["NAME"], folder / "copied.sqlite3")
>>> members(copied)
[]
>>> backup(folder / "whole.sqlite3")
>>> members(folder / "whole.sqlite3")
[(1, 'ada')]
"""

import sqlite3
from contextlib import closing

from django.db import connection


def backup(target):
    """Write all that has been committed to a new file, which must not exist yet."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])


def members(file):
    """Return the members that a backup holds."""
    with closing(sqlite3.connect(file)) as plain:
        return plain.execute("SELECT number, name FROM club_member").fetchall()
