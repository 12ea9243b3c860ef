"""Start the worker, run a task and stop it, on each Python and Django there is.

Needs: django-prodserver, pip.

The small size is the Python and the Django that run this site:

>>> import sys
>>> from django import VERSION
>>> from cookbook.evidence.versions import interpreters, measure
>>> own = f"{sys.version_info.major}.{sys.version_info.minor}"
>>> figures = measure({own: sys.executable}, [f"{VERSION[0]}.{VERSION[1]}"])
>>> row, = figures["rows"]
>>> row["Python"].startswith(own), row["Django"].startswith(f"{VERSION[0]}.")
(True, True)
>>> row["task"], row["stop"]
('7', 0)

The full size uses each interpreter that answers by its name, this one among them:

>>> own in interpreters()
True

Where pip finds no release for an interpreter, the row says so:

>>> measure({"3.9": sys.executable}, ["6.0"])["rows"]
[{'Python': '3.9', 'Django': '6.0', ... 'task': 'not installable', 'stop': '-'}]
"""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile

from cookbook.harness.trial import Project

NAMES = [f"3.{minor}" for minor in range(9, 16)]
ENQUEUE = """
from django_q.tasks import async_task, result
print(result(async_task("math.floor", 7.5), wait=90_000))
"""


def interpreters():
    """Return the Pythons on the PATH that answer, and this one: `{version: path}`."""
    paths = {name: shutil.which(f"python{name}") for name in NAMES}
    own = f"3.{sys.version_info.minor}"
    answering = {
        name: path
        for name, path in paths.items()
        if path and not subprocess.run([path, "-V"], capture_output=True).returncode
    }
    return answering | {own: sys.executable}


def install(python, django):
    """Install the extra and a Django for a Python; return the folder, or None."""
    folder = tempfile.mkdtemp(dir=os.environ["COOKBOOK_RUN"])
    process = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile",
         "--target", folder, "--python-version", python, "--only-binary=:all:",
         f"django=={django}.*", "django-prodserver[django-q2]"],
        capture_output=True, text=True,
    )  # fmt: skip
    refused = "No matching distribution" in process.stderr
    assert refused == bool(process.returncode), process.stderr
    return None if refused else folder


def cell(python, path, django):
    """Return a row of the table: what is installed, and what the worker did."""
    folder = install(python, django)
    if not folder:
        return {"Python": python, "Django": django, "Django-Q2": "-",
                "django-prodserver": "-", "task": "not installable",
                "stop": "-"}  # fmt: skip
    has = {
        each.metadata["Name"].lower(): each.version
        for each in importlib.metadata.distributions(path=[folder])
    }
    site = Project(python=path)
    site.sees(folder)
    version = subprocess.run([path, "-V"], stdout=subprocess.PIPE, text=True).stdout
    site.run("migrate", "--verbosity=0")
    worker = site.start("worker", "worker").wait(90)
    printed = site.run("shell", "-c", ENQUEUE).splitlines()[-1]
    row = {
        "Python": version.split()[1],
        "Django": has["django"],
        "Django-Q2": has["django-q2"],
        "django-prodserver": has["django-prodserver"],
        "task": printed,
        "stop": worker.stop(90),
    }
    site.close()
    return row


def measure(pythons=None, djangos=("5.2", "6.0", "6.1")):
    pythons = pythons or interpreters()
    rows = [cell(python, pythons[python], d) for python in pythons for d in djangos]
    return {
        "rows": rows,
        "interpreters": len(pythons),
        "ran": sum(row["stop"] == 0 for row in rows),
    }
