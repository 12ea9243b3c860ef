"""Make the schedules in the database like those in the code.

Run it at each deploy:

>>> from django.core.management import call_command
>>> call_command("sync_schedules")
create code: clear sessions
>>> call_command("sync_schedules")
1 schedule, as in the code

Somebody changes the row in the admin. `--check`, for CI, ends with 1:

>>> from django_q.models import Schedule
>>> row = Schedule.objects.filter(name="code: clear sessions")
>>> row.update(cron="* * * * *")
1
>>> call_command("sync_schedules", check=True)
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: change code: clear sessions (cron)
>>> call_command("sync_schedules")
change code: clear sessions (cron)

A schedule that somebody made in the admin is not touched, one that has left the code
is deleted:

>>> for name in ("by hand", "code: old report"):
...     _ = Schedule.objects.create(name=name, func="math.sqrt", args="4")
>>> call_command("sync_schedules", dry_run=True)
delete code: old report
>>> _ = Schedule.objects.filter(func="math.sqrt").delete()
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django_q.models import Schedule

from ...pause import unreadable
from ...registry import PREFIX, discover

TIMES = ("schedule_type", "cron", "minutes")
FIELDS = (*TIMES, "func", "args", "kwargs", "hook", "cluster")
Step = tuple[str, Schedule, dict[str, Any]]  # What to do, with which row.


class Command(BaseCommand):
    help = "Make the schedules in the database like those in the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="exit 1 at a difference")
        what.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *, check: bool, dry_run: bool, **options: object) -> None:
        try:
            jobs = discover()  # All are valid, or none is saved.
        except ValueError as error:
            raise CommandError(str(error)) from error
        steps = list(compare(jobs))
        lines = [
            f"{what} {row.name}" + (f" ({', '.join(fields)})" if fields else "")
            for what, row, fields in steps
        ]
        lines += [
            f"fix or delete {row.name or row.func}, it stops all others: {why}"
            for row in Schedule.objects.exclude(repeats=0).order_by("pk")
            if row.name not in jobs and (why := unreadable(row))
        ]
        if check and lines:
            raise CommandError("\n".join(lines))
        if not dry_run:
            for step in steps:
                act(*step)
        count = f"{len(jobs)} schedule{'s'[: len(jobs) != 1]}"
        self.stdout.write("\n".join(lines) or f"{count}, as in the code")


def compare(jobs: dict[str, Schedule]) -> Iterator[Step]:
    """Yield what is to be done, row by row. Rows without the prefix are not ours."""
    rows = Schedule.objects.filter(name__startswith=PREFIX).order_by("pk")
    names = set()
    ours = (row for row in rows if str(row.name).startswith(PREFIX))
    for row in ours:  # SQLite, which ignores case, finds more.
        name = str(row.name)
        if name in jobs and name not in names:
            names.add(name)
            job = jobs[name]
            fields = {
                field: getattr(job, field)
                for field in FIELDS
                if (getattr(row, field) or None) != getattr(job, field)
            }
            if fields:
                yield "change", row, fields
        else:
            yield "delete", row, {}
    for name, job in jobs.items():
        if name not in names:
            yield "create", job, {}


def act(what: str, row: Schedule, fields: dict[str, Any]) -> None:
    """Do one step, in one statement: the scheduler may save the same row."""
    same = Schedule.objects.filter(name=row.name)
    if what == "create":
        values = {field: getattr(row, field) for field in ("name", *FIELDS)}
        next_run = row.calculate_next_run(timezone.now())
        Schedule.objects.create(next_run=next_run, **values)
        # Two deploys may have created it at the same moment.
        same.exclude(pk=same.earliest("pk").pk).delete()
    elif what == "delete":
        same.filter(pk=row.pk).delete()
    else:
        if row.next_run and not fields.keys().isdisjoint(TIMES):
            job = Schedule(**{field: getattr(row, field) for field in TIMES} | fields)
            fields["next_run"] = job.calculate_next_run(timezone.now())
        same.filter(pk=row.pk).update(**fields)
