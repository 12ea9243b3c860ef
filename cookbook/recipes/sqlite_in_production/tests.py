"""Test the edge cases of the backup. No cluster is needed."""

import shutil
import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.test import SimpleTestCase, TransactionTestCase


def groups(file: Path) -> list[str]:
    """Return the names of the groups in a file, without Django."""
    with closing(sqlite3.connect(file)) as plain:
        rows = plain.execute("SELECT name FROM auth_group ORDER BY name").fetchall()
    return [name for (name,) in rows]


class BackupTests(TransactionTestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def back_up(self, name: str = "copy.sqlite3") -> Path:
        call_command("backup_sqlite", self.folder / name, stdout=StringIO())
        return self.folder / name

    def test_a_backup_holds_what_was_committed(self):
        Group.objects.create(name="members")
        self.assertEqual(groups(self.back_up()), ["members"])

    def test_an_existing_file_is_left_as_it_is(self):
        (self.folder / "copy.sqlite3").write_text("older")
        with self.assertRaisesMessage(CommandError, "exists and was left as it is"):
            self.back_up()
        self.assertEqual((self.folder / "copy.sqlite3").read_text(), "older")

    def test_a_folder_that_does_not_exist_is_an_error(self):
        with self.assertRaisesMessage(CommandError, "was not written: unable to open"):
            self.back_up("nowhere/copy.sqlite3")

    def test_a_transaction_has_to_end_first(self):
        message = "was not written: cannot VACUUM from within a transaction"
        with self.assertRaisesMessage(CommandError, message), transaction.atomic():
            self.back_up()

    def test_another_database_is_an_error(self):
        with (
            patch.object(connections["default"], "vendor", "postgresql"),
            self.assertRaisesMessage(CommandError, "not SQLite"),
        ):
            self.back_up()


class CopyTests(SimpleTestCase):
    def test_a_copy_of_the_file_alone_lacks_the_rows_in_the_wal_file(self):
        with TemporaryDirectory() as folder:
            file, copy = Path(folder, "site.sqlite3"), Path(folder, "copy.sqlite3")
            with closing(sqlite3.connect(file)) as site:
                site.execute("PRAGMA journal_mode=WAL")
                with site:
                    site.execute("CREATE TABLE auth_group (name TEXT)")
                site.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                with site:
                    site.execute("INSERT INTO auth_group VALUES ('members')")
                shutil.copy(file, copy)
                self.assertEqual(groups(copy), [])
                self.assertEqual(groups(file), ["members"])
