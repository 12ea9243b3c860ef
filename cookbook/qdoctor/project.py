"""Read a project's settings as plain data, whatever they hold.

A settings module is read without Django's apps, so that one with which no command
of `manage.py` starts can still be read:

>>> from cookbook.qdoctor.project import examine
>>> import sys, types
>>> def module(**settings):
...     sys.modules["broken"] = types.ModuleType("broken")
...     vars(sys.modules["broken"]).update(settings)
...     return "broken"
>>> def ids(**settings):
...     return [f["id"] for f in examine(module(**settings))]
>>> ids(Q_CLUSTER={"orm": "default", "timeout": 60, "retry": 600, "workers": 2})
['django_q.I015']
>>> ids(Q_CLUSTER=["orm"])
['django_q.E001']
>>> ids(Q_CLUSTER=7, CACHES="none", DATABASES=[], LOGGING=object())
['django_q.E001']
>>> ids(Q_CLUSTER={key: sys for key in ("orm", "workers", "timeout", 3, None)})[:3]
['django_q.W002', 'django_q.W002', 'django_q.E003']
>>> huge = {f"{n}{'a' * 10**6}": 10**5000 for n in range(1000)}
>>> len(ids(Q_CLUSTER={"orm": "default", "retry": 10**5000, "timeout": 5} | huge))
12
>>> examine("no_such_settings")[0]["message"]
"no_such_settings cannot be imported: ModuleNotFoundError: No module named ..."
"""

import importlib
import os

from . import delivery, running, shape
from .rules import diagnose, plain

MODULES = (delivery, running, shape)  # Importing them registers their rules.

# What the rules read, and what Django has where a project sets nothing.
SETTINGS = {
    "Q_CLUSTER": {},
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "DATABASES": {},
    "DEBUG": False,
    "LOGGING": {},
}


def known(settings):
    """Return as plain data what the rules read of a settings object or module."""
    told = {name: plain(getattr(settings, name, SETTINGS[name])) for name in SETTINGS}
    told["CPUS"] = os.cpu_count() or 4
    told["Q_CLUSTER_NAME"] = plain(os.environ.get("Q_CLUSTER_NAME", ""))
    return told


def examine(name):
    """Return what the rules find in the settings module of this name."""
    try:
        given = known(importlib.import_module(name))
    except (Exception, SystemExit) as error:
        told = f"{name} cannot be imported: {type(error).__name__}: {error}"[:400]
        hint = "Mend the module; `python -c 'import ...'` shows the place."
        return [{"id": "django_q.E000", "message": told, "hint": hint}]
    return diagnose(given)
