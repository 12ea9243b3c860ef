"""Which ARGS a process of Django-Q2 may have, and what each of them does.

Every option of `qcluster` goes through the backend, and what happens is compared with
a run of `run-once` alone:

>>> from cookbook.backend.worker.arguments import effect, options, run
>>> alone = run({"run-once": None})
>>> for option in options():
...     print(f"{option:12} {effect(option, alone)}")
force-color  nothing
help         prints and ends with exit code 0
name         nothing, and sets Q_CLUSTER_NAME to 'priority'
no-color     nothing
pythonpath   nothing
run-once     starts the cluster [shop] and stops it
settings     nothing
skip-checks  nothing
traceback    nothing
verbosity    nothing
version      prints and ends with exit code 0

The backend refuses to start with any other:

>>> run({"cluster-name": "priority"})
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: Error: unrecognized arguments: ...
"""

import io
import logging
import os
import re
import sys
import tempfile
from contextlib import redirect_stdout
from unittest.mock import patch

from django.conf import settings
from django.core.management import load_command_class
from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker

VALUES = {
    "name": "priority",
    "pythonpath": "/srv/elsewhere",
    "settings": "elsewhere.settings",
    "verbosity": "3",
}


def options():
    """Return the long options of `qcluster`, as its own parser has them."""
    parser = load_command_class("django_q", "qcluster").create_parser("manage.py", "")
    return sorted(each.option_strings[-1].strip("-") for each in parser._actions)


def effect(option, alone):
    """Say what an option adds to a run of `run-once` alone."""
    try:
        seen = run({"run-once": None, option: VALUES.get(option)})
    except SystemExit as end:
        return f"prints and ends with exit code {end.code}"
    if option == "run-once":
        queue = re.search(r"\[.+\] (?=running)", seen["log"])[0]
        return f"starts the cluster {queue}and stops it"
    name = seen.pop("name")
    changed = [what for what in seen if seen[what] != alone[what]] or ["nothing"]
    return ", ".join(changed) + (f", and sets Q_CLUSTER_NAME to {name!r}" * bool(name))


def run(arguments):
    """Start a cluster through the backend; return what it left behind."""
    worker = DjangoQ2Worker(ARGS=arguments)
    logger, sys_path = logging.getLogger("django-q"), sys.path.copy()
    with (
        tempfile.NamedTemporaryFile() as file,
        redirect_stdout(io.StringIO()),  # The help.
        patch.dict(os.environ),
    ):
        # Every process of the cluster inherits it.
        handler = logging.FileHandler(file.name)
        logger.addHandler(handler)
        try:
            worker.start_server(*worker.prep_server_args())
        finally:
            logger.removeHandler(handler)
            handler.close()
        # The names are new in every run, and so are the numbers.
        log = re.sub(
            r"(Process-|Cluster |cluster )\S+| at \d+", "", file.read().decode()
        )
        return {
            "log": "\n".join(sorted(log.splitlines())),
            "settings": (
                settings.SETTINGS_MODULE,
                os.environ["DJANGO_SETTINGS_MODULE"],
            ),
            "path": sys.path == sys_path,
            "name": os.environ.get("Q_CLUSTER_NAME"),
        }
