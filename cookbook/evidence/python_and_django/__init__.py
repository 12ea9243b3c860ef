"""What the same project does on one Python or Django, and not on another.

Needs: django-prodserver, pip.

The Python and the Django that run this site do what the tables say of them:

>>> import sys
>>> from django import VERSION
>>> from cookbook.evidence.python_and_django import ask, column
>>> from cookbook.harness.trial import Project
>>> site = Project("django-q2")
>>> answers = ask(site)
>>> site.close()
>>> python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
>>> django = f"Django {VERSION[0]}.{VERSION[1]}"
>>> for fact, answer in (column(python) | column(django)).items():
...     assert answers[fact] == answer, (fact, answers[fact], answer)

The small size asks this Python with one Django:

>>> from cookbook.evidence.python_and_django import measure
>>> small = measure(pythons=[python.split()[1]], djangos=["5.2"])
>>> answers = [row["Django 5.2"] for row in small["django"]]
>>> answers == list(column("Django 5.2").values())
True
"""

import json
import re
import shutil
from pathlib import Path

from cookbook.evidence.versions import install, interpreters
from cookbook.harness.trial import Project, wait_until
from cookbook.site.figures import table

ASKED = Path(__file__).with_name("asked.py")
FIGURES = Path(__file__).parent.with_suffix(".json")
OF_PYTHON = {
    "atexit": "A function that a task registers with `atexit`, when its worker ends",
    "failure": "The error of a task that reads `datetime.datetim`",
    "inside": "`async_task` with a function that stands inside another",
}
OF_DJANGO = {
    "key": "Primary key of a model where neither the app nor the settings name one",
    "runserver": "`runserver` prints",
    "tasks": "There is a `django.tasks`",
}
PRINTED = {"failure", "inside", "key", "runserver"}


def ask(site):
    """Return what a project does: `{fact: answer}`."""
    site.has(apps=["django_q"])
    shutil.copy(ASKED, site.folder)
    report = "from asked import report; report()"
    printed = site.run("shell", "--no-imports", "--command", report)
    answers = site.folder / "answers.json"
    assert answers.exists(), printed
    server = site.start("runserver", "--noreload", "0")
    pattern = r"(Starting .*) at http"
    wait_until(lambda: re.search(pattern, server.log), 60, lambda: server.log)
    server.kill()
    line = re.search(pattern, server.log)[1]
    answers = json.loads(answers.read_text()) | {"runserver": line}
    return {fact: f"`{a}`" if fact in PRINTED else a for fact, a in answers.items()}


def column(name):
    """Return the answers under a heading of the tables: `{fact: answer}`."""
    figures = json.loads(FIGURES.read_text())
    facts = zip(OF_PYTHON, figures["rows"], strict=True)
    facts = [*facts, *zip(OF_DJANGO, figures["django"], strict=True)]
    return {fact: row[name] for fact, row in facts if name in row}


def measure(pythons=("3.11", "3.12", "3.13"), djangos=("5.2", "6.0", "6.1")):
    """Ask each Python with one Django, and the last of them with each Django."""
    pythons = {n: path for n, path in interpreters().items() if n in pythons}
    last = max(pythons, key=minor)
    of_python = {
        f"Python {python}": asked(python, path, "5.2")
        for python, path in pythons.items()
    }
    of_django = {
        f"Django {django}": asked(last, pythons[last], django) for django in djangos
    }
    django = rows(OF_DJANGO, of_django)
    return {
        "rows": rows(OF_PYTHON, of_python),
        "django": django,
        "django_table": table(django),
        "pythons": ", ".join(sites["python"] for sites in of_python.values()),
        "last": of_django["Django 5.2"]["python"],
    }


def minor(python):
    return int(python.partition(".")[2])


def asked(python, path, django):
    """Return what a Python does with a Django that pip installs for it."""
    site = Project(python=path)
    site.sees(install(python, django))
    site.run("migrate", "--verbosity=0")
    answers = ask(site)
    site.close()
    return answers


def rows(facts, sites):
    """Return a row for each fact, with a column for each version."""
    return [
        {"": question} | {name: answers[fact] for name, answers in sites.items()}
        for fact, question in facts.items()
    ]
