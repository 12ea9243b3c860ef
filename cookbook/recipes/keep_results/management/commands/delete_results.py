"""Delete the results that no rule keeps.

>>> from django.core.management import call_command
>>> call_command("delete_results", dry_run=True)
invoices: 0 results, kept for ever
failures: 0 results, 0 of them older than 90 days
imports: 0 results, 0 of them older than 30 days
others: 0 results, 0 of them older than 7 days
>>> call_command("delete_results")
deleted 0 results
"""

import math
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db.models import Count, Q
from django.utils import timezone
from django_q.models import Task

from ...rules import split
from ...tasks import delete_expired


class Command(BaseCommand):
    help = "Delete the results that no rule of rules.py keeps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--seconds", type=int, default=math.inf)

    def handle(self, *, dry_run: bool, seconds: float, **options: object) -> None:
        if dry_run:
            self.count()
            return
        report = delete_expired(seconds)
        self.stdout.write(f"deleted {report['deleted']:,} results")
        if not report["complete"]:
            self.stdout.write("the time is up; run it again")

    def count(self) -> None:
        """Print what each rule keeps and deletes."""
        now = timezone.now()
        for name, (which, age) in split().items():
            old = Q(pk__in=[]) if age is None else Q(stopped__lt=now - age)
            counts = Task.objects.filter(which).aggregate(
                all=Count("pk"), old=Count("pk", filter=old)
            )
            fate = "kept for ever"
            if age is not None:
                fate = f"{counts['old']:,} of them older than {age.days} days"
            self.stdout.write(f"{name}: {counts['all']:,} results, {fate}")
