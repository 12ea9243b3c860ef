"""What `manage.py worker` does otherwise than `manage.py qcluster`.

Every option of `qcluster` goes through the backend as an entry of `ARGS`, together
with `run-once`. What happens is compared with `run-once` alone:

>>> from cookbook.evidence.worker_command import options_table
>>> print(options_table())
| `ARGS` | What it adds to `run-once` |
| --- | --- |
| `force-color` | Nothing |
| `help` | Prints and ends with exit code 0 |
| `name` | Nothing; sets `Q_CLUSTER_NAME` too late |
| `no-color` | Nothing |
| `pythonpath` | Nothing |
| `run-once` | Starts the cluster [shop] and stops it |
| `settings` | Nothing |
| `skip-checks` | Nothing |
| `traceback` | Nothing |
| `verbosity` | Nothing |
| `version` | Prints and ends with exit code 0 |

The backend refuses any other:

>>> from cookbook.evidence.worker_command import run
>>> run({"cluster-name": "priority"})
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: Error: unrecognized arguments: ...

`name` comes too late: Django-Q2 has read its settings by then. The environment is read
in time:

>>> from cookbook.harness.trial import Q_CLUSTER, WORKER, Project
>>> once = {"BACKEND": WORKER, "ARGS": {"run-once": None}}
>>> keys = Q_CLUSTER | {"ALT_CLUSTERS": {"priority": {}}}
>>> site = Project("django-prodserver", "django-q2")
>>> site.has(Q_CLUSTER=keys, PRODUCTION_PROCESSES={"once": once, "other": once})
>>> site.environment["Q_CLUSTER_NAME"] = "priority"
>>> "[priority] running." in site.run("worker", "once")
True
>>> del site.environment["Q_CLUSTER_NAME"]

Without a name the command starts the first process of the setting:

>>> site.run("worker").splitlines()[0]
'Starting worker named once'

`run-once` does not empty the queue. The cluster begins to stop when it runs, and
finishes only what it has fetched by then:

>>> _ = site.run("migrate")
>>> send = "[async_task('math.sqrt', n) for n in range(300)]"
>>> _ = site.run("shell", "-c", f"from django_q.tasks import async_task; {send}")
>>> site.says("worker", "once")
[Q] INFO Q Cluster ... has stopped.
>>> count = "from django_q.models import OrmQ; print(OrmQ.objects.count())"
>>> int(site.run("shell", "-v", "0", "-c", count)) > 150
True

`qcluster` begins with Django's system checks, `worker` leaves them out:

>>> site.has(PRODUCTION_PROCESSES={"once": once}, STATICFILES_DIRS="static")
>>> site.run("qcluster", "--run-once").splitlines()[0]
'SystemCheckError: System check identified some issues:'
>>> site.says("worker", "once")
[Q] INFO Q Cluster ... has stopped.
>>> site.close()
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

from cookbook.harness.trial import table

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


def options_table():
    alone = run({"run-once": None})
    rows = {f"`{option}`": effect(option, alone) for option in options()}
    return table(rows, heads=("`ARGS`", "What it adds to `run-once`"))


def effect(option, alone):
    """Say what an option adds to a run of `run-once` alone."""
    try:
        outcome = run({"run-once": None, option: VALUES.get(option)})
    except SystemExit as end:
        return f"Prints and ends with exit code {end.code}"
    if option == "run-once":
        queue = re.search(r"\[.+\] (?=running)", outcome["log"])[0]
        return f"Starts the cluster {queue}and stops it"
    name = outcome.pop("name")
    changes = [what for what in outcome if outcome[what] != alone[what]]
    text = ", ".join(changes) or "Nothing"
    return f"{text}; sets `Q_CLUSTER_NAME` too late" if name else text


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
