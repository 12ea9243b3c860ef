"""Read a project's settings as plain data, whatever they hold.

A settings module is read without Django's apps, so `qdoctor` can examine a project in
which no command of `manage.py` starts:

>>> from cookbook.qdoctor.project import examine
>>> examine("no_such_settings")[0]["message"]
"no_such_settings cannot be imported: ModuleNotFoundError: No module named ..."
"""

import importlib
import os
from typing import Any

from . import brokers, caches, delivery, running, shape, sqlite
from .rules import Settings, diagnose
from .values import plain

MODULES = (shape, brokers, delivery, caches, sqlite, running)  # To import registers.

# What the rules read, and what Django has where a project sets nothing.
SETTINGS = {
    "Q_CLUSTER": {},
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "DATABASES": {},
    "DEBUG": False,
    "LOGGING": {},
}


def read(settings: Any) -> Settings:
    """Return as plain data what the rules read of a settings object or module."""
    values = {name: plain(getattr(settings, name, SETTINGS[name])) for name in SETTINGS}
    values["CPUS"] = os.cpu_count() or 4
    values["Q_CLUSTER_NAME"] = plain(os.environ.get("Q_CLUSTER_NAME", ""))
    return values


def examine(name: str) -> list[dict[str, str]]:
    """Return what the rules find in the settings module of this name."""
    try:
        values = read(importlib.import_module(name))
    except (Exception, SystemExit) as error:
        why = f"{name} cannot be imported: {type(error).__name__}: {error}"[:400]
        hint = "Fix the module; `python -c 'import ...'` shows the place."
        return [{"id": "django_q.E000", "message": why, "hint": hint}]
    return diagnose(values)
