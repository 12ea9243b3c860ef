"""Read a project's settings as plain data, whatever they hold.

A settings module is read without Django's apps, so `qdoctor` can examine a project in
which no command of `manage.py` starts:

>>> from cookbook.qdoctor.project import examine
>>> examine("no_such_settings")[0]["message"]
"no_such_settings cannot be imported: ModuleNotFoundError: No module named ..."
"""

import importlib
import importlib.util
import inspect
import logging
import os
import sys
import zoneinfo
from collections import deque
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from . import brokers, caches, delivery, drivers, running, shape, sqlite
from .classes import broker_base
from .keys import NEEDS
from .rules import Settings, broker, cluster, diagnose
from .values import kind, plain

# To import them registers their rules.
MODULES = (shape, brokers, drivers, delivery, caches, sqlite, running)

# What Django-Q2 calls, and what it takes out of the settings before.
CALLED = {
    "sqs": ("boto3", "Session", ["aws_region", "receive_message_wait_time_seconds"]),
    "iron_mq": ("iron_core", "IronClient", []),
}
FIXED = ["version", "product"]  # IronMQ() gives these itself.

# What the rules read, and what Django has where a project sets nothing.
SETTINGS = {
    "Q_CLUSTER": {},
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "DATABASES": {},
    "DEBUG": False,
    "LOGGING": {},
    "USE_TZ": True,
}


def read(settings: Any) -> Settings:
    """Return as plain data what the rules read of a settings object or module."""
    configuration = {
        name: plain(getattr(settings, name, SETTINGS[name])) for name in SETTINGS
    }
    queue = getattr(settings, "Q_CLUSTER", None)
    if not hasattr(settings, "Q_CLUSTER"):
        del configuration["Q_CLUSTER"]
    elif type(queue) is tuple:  # It has no copy(), so Django-Q2 ignores it.
        configuration["Q_CLUSTER"] = None
    elif type(queue) in (set, frozenset, bytearray, deque):  # As bad as a list.
        configuration["Q_CLUSTER"] = []
    configuration["CPUS"] = os.cpu_count() or 4
    configuration["Q_CLUSTER_NAME"] = plain(os.environ.get("Q_CLUSTER_NAME", ""))
    return configuration | surroundings(configuration)


def surroundings(configuration: Settings) -> Settings:
    """Return what the rules need to know of this Python and of this process."""
    own = cluster(configuration).get("broker_class")
    path = own if kind(own) == "str" else ""
    modules = {module for module, _ in NEEDS.values()} | {"django_redis"}
    if "." in path:
        modules.add(path.partition(".")[0])
    findings = {module: importable(module) for module in modules}
    named = broker(configuration | {"FOUND": findings})
    there = findings.get(NEEDS.get(named, [""])[0])
    return {
        "ARGUMENTS": arguments(named) if there else {},
        "FOUND": findings,
        "BROKER_BASE": broker_base(path),
        "HANDLERS": bool(logging.getLogger().handlers),
        "NO_Q_CLUSTER": "Q_CLUSTER" not in configuration,
        "REPORTERS": reporters(),
        "TESTS": sys.argv[1:2] == ["test"],
        "ZONES": zones(),
    }


@cache
def arguments(named: str) -> dict[str, list[str]]:
    """Return what the driver of a broker accepts in the installed version."""
    try:
        if named == "mongo":
            options = importlib.import_module("pymongo.common").VALIDATORS
            return {named: ["host", "port", *options]}
        module, name, also = CALLED.get(named, ("redis", "Redis", []))
        driver = getattr(importlib.import_module(module), name)
        own = [one for one in inspect.signature(driver).parameters if one not in FIXED]
        return {named: [*own, *also]}
    except Exception:  # A driver that cannot be imported. E040 says why.
        return {}


@cache
def reporters() -> list[str]:
    """Return the names of the installed error reporters.

    Django-Q2 names two itself, whose packages need not be there.
    """
    return [
        entry.name
        for entry in entry_points(group="djangoq.errorreporters")
        if importable(entry.module.partition(".")[0])
    ]


@cache
def zones() -> list[str]:
    """Return the names of all time zones."""
    return sorted(zoneinfo.available_timezones())


@cache
def importable(module: str) -> bool:
    """Return whether a top-level module exists; nothing is imported."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):  # Such as an empty name.
        return False


def examine(name: str) -> list[dict[str, str]]:
    """Return what the rules find in the settings module of this name."""
    try:
        configuration = read(importlib.import_module(name))
    except (Exception, SystemExit) as error:
        why = f"{name} cannot be imported: {type(error).__name__}: {error}"[:400]
        hint = "Fix the module; `python -c 'import ...'` shows the place."
        if "configurations" in sys.modules:  # It wants to import settings by itself.
            hint = "With django-configurations, use `python manage.py qdoctor`."
        return [{"id": "django_q.E000", "message": why, "hint": hint}]
    return diagnose(configuration)
