"""Messages about packages: one is missing, or an old one is in the way.

Django-Q2 is not installed. Which message you see depends on INSTALLED_APPS:

>>> from cookbook.harness.trial import Project
>>> bare = Project("django-prodserver")
>>> bare.has()
>>> bare.says("worker", "worker")
ModuleNotFoundError: No module named 'django_q'
>>> bare.has(apps=["django_prodserver"])
>>> bare.says("worker", "worker")
ModuleNotFoundError: No module named 'django_q'
django.core.exceptions.ImproperlyConfigured: django-q2 is required to use ...
>>> bare.close()

The old package, django-q, was installed after django-q2:

>>> from cookbook.evidence.worker_errors.packages import ONCE, owners, pip
>>> site = Project("django-prodserver", "django-q2")
>>> old = pip("install django-q2==1.11.1", "install django-q==1.3.9")
>>> site.sees(old, site.folder / "library")
>>> site.says("worker", "worker")
ModuleNotFoundError: No module named 'pkg_resources'
>>> owners(old)
['django-q', 'django-q2']

Uninstalling the old package removes files of django-q2 with it:

>>> old = pip("uninstall --yes django-q", into=old)
>>> owners(old)
['django-q2, without all of its files']

Installed again, it has them all, and the worker runs:

>>> old = pip("install --force-reinstall django-q2==1.11.1", into=old)
>>> owners(old)
['django-q2']
>>> site.has(PRODUCTION_PROCESSES=ONCE)
>>> site.says("worker", "worker")
[Q] INFO Q Cluster ... has stopped.
>>> site.close()
"""

import importlib.metadata
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from cookbook.harness.trial import WORKER

ONCE = {"worker": {"BACKEND": WORKER, "ARGS": {"run-once": None}}}


def pip(*commands, into=None):
    """Run pip in a new virtual environment, or that of `into`; return its packages."""
    folder = into and into.parents[2]
    if not folder:
        folder = Path(tempfile.mkdtemp(dir=os.environ["COOKBOOK_RUN"]))
        venv.create(folder)
    quiet = os.environ | {"PIP_NO_DEPS": "1", "PIP_NO_COMPILE": "1"}
    program = [sys.executable, "-m", "pip", "--quiet", "--python", folder]
    for command in commands:
        subprocess.run([*program, *command.split()], env=quiet, check=True)
    return next(folder.glob("lib/*/site-packages"))


def owners(folder):
    """Return the distributions in a folder that say that `django_q` is theirs."""
    return sorted(
        each.metadata["Name"] + ("" if is_whole(each) else ", without all of its files")
        for each in importlib.metadata.distributions(path=[str(folder)])
        if any(file.startswith("django_q/") for file in files(each))
    )


def files(distribution):
    """Return what a distribution says it has installed.

    Its own `files` are, from Python 3.12 on, only those that are still there.
    """
    record = distribution.read_text("RECORD").splitlines()
    return [line.rpartition(",")[0].rpartition(",")[0] for line in record]


def is_whole(distribution):
    return all(distribution.locate_file(file).exists() for file in files(distribution))
