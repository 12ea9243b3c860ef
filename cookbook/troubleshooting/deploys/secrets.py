"""Whether `qinfo` prints the SECRET_KEY, with --config and without.

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.deploys.secrets import secret_is_printed
>>> without_cluster(secret_is_printed, True), without_cluster(secret_is_printed, False)
(True, False)
"""

import io
from contextlib import redirect_stdout

from django.conf import settings
from django.core.management import call_command


def secret_is_printed(config):
    """Say whether the command prints the key."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        call_command("qinfo", config=config, stdout=printed)
    return settings.SECRET_KEY in printed.getvalue()
