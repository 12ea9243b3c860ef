"""Look for mistakes in the settings, and in what runs.

>>> from io import StringIO
>>> from django.core.management import call_command
>>> from django.test import override_settings
>>> def doctor(*arguments, **settings):
...     printed = StringIO()
...     with override_settings(**settings):
...         try:
...             call_command("qdoctor", *arguments, stdout=printed)
...         except SystemExit as end:
...             print("exit", end.code)
...     print(printed.getvalue().strip())
>>> good = {"orm": "default", "workers": 2, "timeout": 60, "retry": 600}
>>> doctor("--settings-only", Q_CLUSTER=good)
0 errors, 0 warnings, 0 notes
>>> doctor("--settings-only", Q_CLUSTER=good | {"retry": 50})
exit 1
django_q.E011  retry (50) is not above timeout (60): a running task runs again
               Set retry above 240.
1 error, 0 warnings, 0 notes
>>> doctor(Q_CLUSTER=good)
0 errors, 0 warnings, 0 notes
"""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from ... import project
from ...live import look
from ...report import code, options, report
from ...rules import diagnose


class Command(BaseCommand):
    help = __doc__.split("\n")[0]
    requires_system_checks = ()  # A broken project is what it is for.

    def add_arguments(self, parser):
        options(parser)
        parser.add_argument("--settings-only", action="store_true")

    def handle(self, **chosen):
        given = project.known(settings)
        found = diagnose(given)
        if not chosen["settings_only"]:
            found += look(given | {"BASE_DIR": getattr(settings, "BASE_DIR", ".")})
        self.stdout.write(report(found, chosen["format"]))
        if code(found, chosen["fail_level"]):
            sys.exit(1)
