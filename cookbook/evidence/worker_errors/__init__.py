"""Each error of the backend, from the environment that causes it.

A project with both packages and with settings that work:

>>> from cookbook.backend.errors import CALL, GOOD, ONCE, owners, pip, unseen
>>> from cookbook.harness.projects import PRINTED, WORKER
>>> from cookbook.harness.trial import Project, wait_until
>>> site = Project("django-prodserver", "django-q2")
>>> site.has(PRODUCTION_PROCESSES=ONCE)
>>> site.says("worker", "worker")
[Q] INFO Q Cluster ... has stopped.

Django-Q2 is not installed. Which error you see depends on INSTALLED_APPS:

>>> bare = Project("django-prodserver")
>>> bare.has(apps=["django_prodserver"])
>>> bare.says("worker", "worker")
ModuleNotFoundError: No module named 'django_q'
django.core.exceptions.ImproperlyConfigured: django-q2 is required to use ...
>>> bare.has()
>>> bare.says("worker", "worker")
ModuleNotFoundError: No module named 'django_q'
>>> bare.close()

The old package, django-q, was installed after django-q2:

>>> old = pip("install django-q2==1.11.1", "install django-q==1.3.9")
>>> site.sees(old, site.folder / "library")
>>> site.says("worker", "worker")
ModuleNotFoundError: No module named 'pkg_resources'
>>> owners(old)
['django-q', 'django-q2']

Uninstalling the old package takes files of django-q2 with it:

>>> old = pip("uninstall --yes django-q", into=old)
>>> owners(old)
['django-q2, without all of its files']

Installed again, it has them all, and the worker runs:

>>> reinstall = "install --force-reinstall django-q2==1.11.1"
>>> old = pip(reinstall, into=old)
>>> owners(old)
['django-q2']
>>> site.has(PRODUCTION_PROCESSES=ONCE)
>>> site.says("worker", "worker")
[Q] INFO Q Cluster ... has stopped.
>>> site.sees(site.folder / "library")

An entry of the setting is no dictionary:

>>> site.has(PRODUCTION_PROCESSES={"worker": WORKER})
>>> site.says("worker", "worker")
TypeError: string indices must be integers, not 'str'
>>> site.has(PRODUCTION_PROCESSES={"worker": None})
>>> site.says("worker", "worker")
TypeError: 'NoneType' object is not subscriptable

BACKEND is no path, no string, or the path of something else:

>>> site.has(PRODUCTION_PROCESSES={"worker": {"BACKEND": "DjangoQ2Worker"}})
>>> site.says("worker", "worker")
ValueError: not enough values to unpack (expected 2, got 1)
ImportError: DjangoQ2Worker doesn't look like a module path
>>> site.has(PRODUCTION_PROCESSES={"worker": {"BACKEND": None}})
>>> site.says("worker", "worker")
AttributeError: 'NoneType' object has no attribute 'rsplit'
>>> site.has(PRODUCTION_PROCESSES={"worker": {"BACKEND": "django_q.cluster.Cluster"}})
>>> site.says("worker", "worker")
CommandError: Backend 'django_q.cluster.Cluster' ... is not a valid worker backend.

Q_CLUSTER has a mistake:

>>> site.has(Q_CLUSTER=GOOD | {"timeout": "60"})
>>> site.says("worker", "worker")
TypeError: '>' not supported between instances of 'str' and 'int'
>>> site.says("check")
TypeError: '>' not supported between instances of 'str' and 'int'
>>> site.has(Q_CLUSTER=GOOD | {"workers": "2"})
>>> site.says("worker", "worker")
TypeError: 'str' object cannot be interpreted as an integer
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
>>> site.has(Q_CLUSTER=GOOD | {"orm": "defalt"})
>>> site.says("worker", "worker")
AttributeError: '_thread._local' object has no attribute 'defalt'
django.utils.connection.ConnectionDoesNotExist: The connection 'defalt' doesn't exist.
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
>>> site.has(Q_CLUSTER={"name": "shop", "timeout": 60, "retry": 120})
>>> site.says("worker", "worker")
ModuleNotFoundError: No module named 'redis'
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1

The command is called from Python:

>>> site.has(PRODUCTION_PROCESSES=ONCE)
>>> site.says("shell", "-c", CALL.format("worker", "'worker'"))
NotImplementedError: subclasses of BaseCommand must provide a handle() method
>>> site.says("shell", "-c", CALL.format("qcluster", "run_once=True"))
[Q] INFO Q Cluster ... has stopped.

The tables of Django-Q2 are not there, and the worker goes on:

>>> site.has(more="DATABASES['default']['NAME'] = BASE_DIR / 'empty.sqlite3'")
>>> worker = site.start("worker", "worker")
>>> missing = "no such table: django_q_ormq"
>>> wait_until(lambda: missing in worker.log, 90, lambda: worker.log)
True
>>> worker.process.poll() is None
True
>>> worker.kill()
>>> "Applying django_q.0001_initial... OK" in site.run("migrate")
True
>>> site.has(PRODUCTION_PROCESSES=ONCE)
>>> site.says("worker", "worker")
[Q] INFO Q Cluster ... has stopped.

Every heading of the page with a message is in what these runs printed:

>>> unseen(PRINTED + [worker.log])
[]
>>> site.close()
"""

import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from cookbook.catalogue import ROOT
from cookbook.harness.projects import SETTINGS, WORKER

GOOD = SETTINGS["Q_CLUSTER"]
ONCE = {"worker": {"BACKEND": WORKER, "ARGS": {"run-once": None}}}
CALL = "from django.core.management import call_command; call_command('{}', {})"


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
    found = importlib.metadata.distributions(path=[str(folder)])
    return sorted(
        each.metadata["Name"]
        + (not all(file.locate().exists() for file in each.files))
        * ", without all of its files"
        for each in found
        if any(file.parts[0] == "django_q" for file in each.files)
    )


def unseen(printed):
    """Return the page's headings that are messages and that nothing has printed."""
    page = (ROOT / "docs/backend/errors.md").read_text()
    headings = re.findall(r"^#+ `(.+)`$", page, re.M)
    return [each for each in headings if each not in "".join(printed)]
