"""Look for mistakes in the settings, and in what runs.

>>> from django.core.management import call_command
>>> from django.test import override_settings
>>> keys = {"orm": "default", "timeout": 60, "retry": 600, "retrys": 50}
>>> with override_settings(Q_CLUSTER=keys, DEBUG=False):
...     call_command("qdoctor", "--settings-only", "--fail-level=error")
django_q.W002  'retrys' is not a key of Q_CLUSTER and is ignored
               Call it 'retry'.
...
0 errors, ...

A schedule whose function is gone:

>>> from django_q.models import Schedule
>>> from cookbook.qdoctor.live import look
>>> from cookbook.qdoctor.schedules import SCHEDULES
>>> schedule = Schedule.objects.create(name="mail", func="shop.tasks.send")
>>> for finding in look({}, SCHEDULES):
...     print(finding["id"], finding["message"])
django_q.E045 the function of schedule 'mail' cannot be imported: shop.tasks.send
>>> _ = schedule.delete()
"""

import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from ... import logs
from ...live import look
from ...project import diagnose, read
from ...report import code, options, report


class Command(BaseCommand):
    help = "Look for mistakes in the settings, and in what runs."
    requires_system_checks = ()  # A broken project is what it is for.

    def add_arguments(self, parser: ArgumentParser) -> None:
        options(parser)
        logs.option(parser)
        parser.add_argument("--settings-only", action="store_true")

    def handle(
        self,
        *,
        form: str,
        fail_level: str,
        settings_only: bool,
        log: str | None,
        **others: object,
    ) -> None:
        if log is not None:
            self.stdout.write(logs.report(log, form))
            return
        configuration = read(settings)
        findings = diagnose(configuration)
        if not settings_only:
            findings += look(
                configuration | {"BASE_DIR": getattr(settings, "BASE_DIR", ".")}
            )
        self.stdout.write(report(findings, form))
        if code(findings, fail_level):
            sys.exit(1)
