"""Enqueue failed tasks again, chosen by function, group and age.

A task fails for good, then somebody fixes its cause:

>>> from time import sleep
>>> from django.core.management import call_command
>>> from django_q.models import OrmQ
>>> from django_q.tasks import async_task
>>> task = async_task("math.sqrt", -1, group="roots", ack_failure=True)
>>> while OrmQ.objects.exists():
...     sleep(0.1)
>>> call_command("resubmit_failures", group="roots", dry_run=True)
1 failures
>>> call_command("resubmit_failures", group="roots")
resubmitted 1 of 1 failures
"""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django_q.models import Failure

from ...failures import resubmit


class Command(BaseCommand):
    help = "Enqueue failed tasks again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--func", help="like shop.tasks.send")
        parser.add_argument("--group")
        parser.add_argument("--hours", type=int, help="failed in the last HOURS")
        parser.add_argument("--dry-run", action="store_true")

    def handle(
        self,
        *,
        func: str | None,
        group: str | None,
        hours: int | None,
        dry_run: bool,
        **options: object,
    ) -> None:
        failures = Failure.objects.order_by("stopped")
        if func:
            failures = failures.filter(func=func)
        if group:
            failures = failures.filter(group=group)
        if hours is not None:
            begin = timezone.now() - timedelta(hours=hours)
            failures = failures.filter(stopped__gte=begin)
        count = failures.count()
        if not count:
            raise CommandError("there is no such failure")
        if dry_run:
            self.stdout.write(f"{count:,} failures")
        else:
            total = resubmit(failures)
            self.stdout.write(f"resubmitted {total:,} of {count:,} failures")
