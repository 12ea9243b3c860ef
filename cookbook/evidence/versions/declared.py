"""What django-prodserver 3.0.0 declares: its extras, its old import paths.

Without an extra it brings Django and nothing else:

>>> from cookbook.evidence.versions.declared import extras
>>> extras()[""]
['django>=4.2']

The extra for Django-Q2 adds two packages; there are ten other extras:

>>> extras()["django-q2"]
['django-q2>=1.6.0', 'django-picklefield']
>>> len(extras()) - 1
11

Django-Q2 itself needs the second of them:

>>> from importlib import metadata
>>> any("picklefield" in line for line in metadata.requires("django-q2"))
True

An old path gives the class of the new one. Both begin with
`django_prodserver.backends.`:

>>> from cookbook.evidence.versions.declared import moves_table
>>> print(moves_table())
| Old path | New path |
| --- | --- |
| `celery.CeleryBeat` | `workers.celery.CeleryBeat` |
| `celery.CeleryWorker` | `workers.celery.CeleryWorker` |
| `daphne.DaphneRunserver` | `dev.daphne.DaphneRunserver` |
| `django_q2.DjangoQ2Worker` | `workers.django_q2.DjangoQ2Worker` |
| `django_runserver.DjangoRunserver` | `dev.django_runserver.DjangoRunserver` |
| `django_tasks.DjangoTasksWorker` | `workers.django_tasks.DjangoTasksWorker` |
| `granian.GranianASGIServer` | `servers.granian.GranianASGIServer` |
| `granian.GranianServerBase` | `servers.granian.GranianServerBase` |
| `granian.GranianWSGIServer` | `servers.granian.GranianWSGIServer` |
| `gunicorn.DjangoApplication` | `servers.gunicorn.DjangoApplication` |
| `gunicorn.GunicornServer` | `servers.gunicorn.GunicornServer` |
| `uvicorn.UvicornServer` | `servers.uvicorn.UvicornServer` |
| `uvicorn.UvicornWSGIServer` | `servers.uvicorn.UvicornWSGIServer` |
| `waitress.WaitressServer` | `servers.waitress.WaitressServer` |
| `werkzeug.RunserverPlus` | `dev.werkzeug.RunserverPlus` |
| `werkzeug.WerkzeugRunserver` | `dev.werkzeug.WerkzeugRunserver` |

It warns when it is imported:

>>> import importlib, warnings
>>> with warnings.catch_warnings(record=True, action="always") as caught:
...     old = importlib.import_module("django_prodserver.backends.django_q2")
>>> print(caught[0].category.__name__, caught[0].message, sep=": ")
DeprecationWarning: django_prodserver.backends.django_q2 is deprecated; import from ...

The class is a worker, not a server, so `server` and `prodserver` refuse it:

>>> from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker
>>> [base.__name__ for base in DjangoQ2Worker.__mro__[1:3]]
['BaseWorkerBackend', 'BaseProcessBackend']
"""

import ast
from collections import defaultdict
from importlib import metadata
from pathlib import Path

import django_prodserver

from cookbook.harness.trial import table

BACKENDS = Path(django_prodserver.__file__).parent / "backends"


def extras():
    """Return what each extra of django-prodserver installs; "" is none."""
    packages = defaultdict(list)
    for line in metadata.requires("django-prodserver"):
        package, _, marker = line.partition("; extra == ")
        packages[marker.strip('"')].append(package)
    return dict(packages)


def moves():
    """Return the classes under backends/ that have another place: `{old: new}`."""
    places = {}
    for module in sorted(BACKENDS.glob("*.py")):
        for node in ast.parse(module.read_text()).body:
            if isinstance(node, ast.ImportFrom) and "deprecated" in module.read_text():
                for name in node.names:
                    old = f"{module.stem}.{name.name}"
                    places[old] = f"{node.module}.{name.name}"
    return places


def moves_table():
    rows = {f"`{old}`": f"`{new}`" for old, new in moves().items()}
    return table(rows, heads=("Old path", "New path"))
