"""Back up a SQLite database while site and cluster write to it.

>>> from pathlib import Path
>>> from tempfile import mkdtemp
>>> from django.core.management import call_command
>>> call_command("backup_sqlite", Path(mkdtemp()) / "site.sqlite3")
/.../site.sqlite3
"""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS, OperationalError


class Command(BaseCommand):
    help = "Back up a SQLite database to a new file, also while it is in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="A file that does not exist yet.")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=connections)

    def handle(self, *, file: Path, database: str, **options: object) -> None:
        connection = connections[database]
        if connection.vendor != "sqlite":
            raise CommandError(f"{database!r} is {connection.display_name}, not SQLite")
        if file.exists():
            raise CommandError(f"{file} exists and was left as it is")
        try:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(file)])
        except OperationalError as error:
            raise CommandError(f"{file} was not written: {error}") from None
        self.stdout.write(str(file.resolve()))
