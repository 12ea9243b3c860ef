"""What the installed package declares: its extras, its old import paths.

Without an extra it brings Django and nothing else:

>>> from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker
>>> from importlib import metadata
>>> from cookbook.backend.install.declared import extras, moved
>>> extras()[""]
['django>=4.2']

The extra of this page adds two packages; there are ten others:

>>> extras()["django-q2"]
['django-q2>=1.6.0', 'django-picklefield']
>>> len(extras()) - 1
11

Django-Q2 asks for the second of them itself:

>>> any("picklefield" in line for line in metadata.requires("django-q2"))
True

An old path hands out the class of the new one:

>>> for old, new in moved().items():
...     print(f"{old} -> {new}")
celery.CeleryBeat -> workers.celery.CeleryBeat
celery.CeleryWorker -> workers.celery.CeleryWorker
daphne.DaphneRunserver -> dev.daphne.DaphneRunserver
django_q2.DjangoQ2Worker -> workers.django_q2.DjangoQ2Worker
django_runserver.DjangoRunserver -> dev.django_runserver.DjangoRunserver
django_tasks.DjangoTasksWorker -> workers.django_tasks.DjangoTasksWorker
granian.GranianASGIServer -> servers.granian.GranianASGIServer
granian.GranianServerBase -> servers.granian.GranianServerBase
granian.GranianWSGIServer -> servers.granian.GranianWSGIServer
gunicorn.DjangoApplication -> servers.gunicorn.DjangoApplication
gunicorn.GunicornServer -> servers.gunicorn.GunicornServer
uvicorn.UvicornServer -> servers.uvicorn.UvicornServer
uvicorn.UvicornWSGIServer -> servers.uvicorn.UvicornWSGIServer
waitress.WaitressServer -> servers.waitress.WaitressServer
werkzeug.RunserverPlus -> dev.werkzeug.RunserverPlus
werkzeug.WerkzeugRunserver -> dev.werkzeug.WerkzeugRunserver

The class is a worker, not a server:

>>> [base.__name__ for base in DjangoQ2Worker.__mro__[1:3]]
['BaseWorkerBackend', 'BaseProcessBackend']
"""

import ast
from collections import defaultdict
from importlib import metadata
from pathlib import Path

import django_prodserver

BACKENDS = Path(django_prodserver.__file__).parent / "backends"


def extras():
    """Return what each extra of django-prodserver installs; "" is none."""
    found = defaultdict(list)
    for line in metadata.requires("django-prodserver"):
        package, _, marker = line.partition("; extra == ")
        found[marker.strip('"')].append(package)
    return dict(found)


def moved():
    """Return the classes under backends/ that have another place: `{old: new}`."""
    found = {}
    for module in sorted(BACKENDS.glob("*.py")):
        for node in ast.parse(module.read_text()).body:
            if isinstance(node, ast.ImportFrom) and "deprecated" in module.read_text():
                for name in node.names:
                    old = f"{module.stem}.{name.name}"
                    found[old] = f"{node.module}.{name.name}"
    return found
