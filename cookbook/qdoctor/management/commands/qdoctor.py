"""Look for mistakes in the settings, and in what runs.

>>> from cookbook.qdoctor.live import look
>>> from io import StringIO
>>> from unittest.mock import patch
>>> from django.core.management import call_command
>>> from django.test import override_settings
>>> def doctor(*arguments, **keys):
...     queue = {"broker_class": "a.B", "timeout": 60, "workers": 2} | keys
...     shared = {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}
...     good = {"CACHES": {"default": shared}, "DEBUG": False, "Q_CLUSTER": queue}
...     printed = StringIO()
...     with override_settings(**good):
...         try:
...             call_command("qdoctor", *arguments, stdout=printed)
...         except SystemExit as end:
...             print("exit", end.code)
...     print(printed.getvalue().strip())
>>> doctor("--settings-only")
0 errors, 0 warnings, 0 notes
>>> doctor("--settings-only", retrys=50)
exit 1
django_q.W002  'retrys' is no key of Q_CLUSTER and is ignored
               Call it 'retry'.
0 errors, 1 warning, 0 notes
>>> with patch.dict(look.__globals__, LIVE=[]):
...     doctor("--fail-level", "error", retrys=50)
django_q.W002  'retrys' is no key of Q_CLUSTER and is ignored
               Call it 'retry'.
0 errors, 1 warning, 0 notes
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
