"""Move the waiting tasks of a queue to a file, and from the file to another broker.

Three tasks wait, and no cluster runs:

>>> from pathlib import Path
>>> from tempfile import mkdtemp
>>> from django.core.management import call_command
>>> from django_q.tasks import async_task
>>> for number in range(3):
...     _ = async_task("math.sqrt", number)
>>> file = Path(mkdtemp(), "tasks.txt")
>>> call_command("move_queue", to=file)
shop: 3 tasks moved to ...tasks.txt

With the settings of the new broker:

>>> call_command("move_queue", source=file)
shop: 3 tasks enqueued
>>> call_command("move_queue", source=file)
shop: 0 tasks enqueued
"""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django_q.conf import Conf

from ...packages import load, save


class Command(BaseCommand):
    help = "Move the waiting tasks of a queue to a file, or from a file into a queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--to", type=Path, metavar="FILE")
        way.add_argument("--from", type=Path, metavar="FILE", dest="source")
        parser.add_argument("--queue", metavar="NAME")

    def handle(
        self,
        *,
        to: Path | None,
        source: Path | None,
        queue: str | None,
        **options: object,
    ) -> None:
        keys, queue = settings.Q_CLUSTER, queue or Conf.CLUSTER_NAME
        own = keys.get("cluster_name", Conf.PREFIX)
        if queue not in [own, *keys.get("ALT_CLUSTERS", {})]:
            raise CommandError(f"no setting names a queue {queue!r}")
        try:
            if source:
                self.stdout.write(f"{queue}: {load(queue, source)} tasks enqueued")
                return
            count, fetched = save(queue, to or Path())
        except Exception as error:  # Each broker's driver has errors of its own.
            raise CommandError(f"{type(error).__name__}: {error}") from error
        self.stdout.write(f"{queue}: {count} tasks moved to {to}")
        if fetched:
            raise CommandError(
                f"{fetched} tasks are fetched, and were not moved. Run it again when "
                f"their clusters have stopped, or in {Conf.RETRY} seconds"
            )
