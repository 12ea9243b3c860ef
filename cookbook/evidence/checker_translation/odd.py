"""Odd values in every place of the settings: each is read, and no method is called.

>>> from contextlib import suppress
>>> from django.core.management import call_command
>>> from django.test import override_settings
>>> from io import StringIO
>>> from pathlib import Path
>>> from types import SimpleNamespace
>>> from cookbook.evidence.checker_translation.odd import Hostile, ODD, places
>>> from cookbook.qdoctor.project import diagnose, read
>>> from cookbook.qdoctor.report import report
>>> len(ODD), len(list(places(None))) > 50
(40, True)
>>> len(Hostile("default"))
Traceback (most recent call last):
    ...
RuntimeError: no method may be called
>>> for name, value in ODD.items():
...     for settings in places(value):
...         text = report(diagnose(read(SimpleNamespace(**settings))), "text")
...         assert text.replace("\\n", "").isprintable(), name

The checks and the two commands end as they do with other mistakes:

>>> from cookbook.qdoctor.apps import messages
>>> from cookbook.qdoctor.management.commands.qdoctor import Command
>>> from cookbook.evidence.checker_translation.own_settings import command_line
>>> quiet = {"settings_only": True, "fail_level": "error", "stdout": StringIO()}
>>> for name, value in ODD.items():
...     with override_settings(Q_CLUSTER={"orm": "default", "retry": value}):
...         assert messages(deploy=False), name
...         with suppress(SystemExit):
...             call_command(Command(), **quiet)
>>> _ = Path("odd.py").write_text(
...     "from cookbook.evidence.checker_translation.odd import *\\n"
...     "Q_CLUSTER = dict(zip(KEYS, ODD.values()))\\n"
... )
>>> print(command_line("odd"))
1 15 errors, 11 warnings, 0 notes
"""

import sys
from collections import ChainMap, OrderedDict, UserDict, defaultdict
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from django.utils.functional import SimpleLazyObject, lazystr

from cookbook.qdoctor.keys import KEYS

QUEUE = {"orm": "default", "workers": 2, "timeout": 60, "retry": 90, "queue_limit": 5}
ENGINE = "django.db.backends.sqlite3"


class Hostile(str):
    """A string of which every method fails."""

    def fail(self, *arguments):
        raise RuntimeError("no method may be called")

    __str__ = __repr__ = __getitem__ = __eq__ = __lt__ = __len__ = lower = fail
    __bool__ = __iter__ = __contains__ = __format__ = fail
    __hash__ = str.__hash__


class HostileTable(dict):
    get = items = keys = __iter__ = __len__ = __getitem__ = Hostile.fail


class Choice(StrEnum):
    ORM = "default"


endless, deep, table = [], [], {}
endless.append(endless)
inner = deep
for _ in range(10_000):
    inner.append([])
    inner = inner[0]
table["again"] = table

ODD = {
    "nan": float("nan"), "infinite": float("inf"), "huge": 10**5000,
    "negative": -(10**5000), "tiny": 5e-324, "minus zero": -0.0, "complex": 1j,
    "bytes": b"a", "buffer": bytearray(b"a"), "view": memoryview(b"a"),
    "decimal": Decimal("NaN"), "fraction": Fraction(1, 3), "time": timedelta(1),
    "hostile": Hostile("default"), "hostile table": HostileTable(a=1),
    "object": object(), "class": dict, "module": sys, "function": len,
    "generator": (n for n in "ab"), "ellipsis": ..., "range": range(10**9),
    "lazy text": lazystr("default"), "lazy": SimpleLazyObject(lambda: 1 / 0),
    "choice": Choice.ORM, "path": Path("queue"), "long": "x" * 10**6,
    "surrogate": "\ud800", "control": "a\0b\x1b[2J\n", "empty": "", "set": {1},
    "endless": endless, "deep": deep, "table": table,
    "ordered": OrderedDict(a=1), "default": defaultdict(lambda: 1 / 0),
    "layers": ChainMap({}), "read-only": MappingProxyType({"a": 1}),
    "user's": UserDict(a=1),
    "keys": {b"a": 1, (1, 2): 3, None: 4, float("nan"): 5, "\udfff": 6, Hostile("b"): 7,
             10**5000: 8, frozenset(): 9},
}  # fmt: skip


def places(value):
    """Yield settings with this value at every place that a rule reads."""
    yield {"Q_CLUSTER": value}
    for queue in ({"orm": "default"}, QUEUE):
        for key in KEYS:
            yield {"Q_CLUSTER": queue | {key: value}}
    yield {"Q_CLUSTER": QUEUE | {"ALT_CLUSTERS": {"reports": value}}}
    yield {"Q_CLUSTER": {"redis": {"host": value}}}
    database = {"ENGINE": ENGINE, "OPTIONS": value}
    modes = dict.fromkeys(("transaction_mode", "init_command"), value)
    for settings in (
        *({name: value} for name in ("CACHES", "DATABASES", "LOGGING", "DEBUG")),
        {"CACHES": {"default": value}},
        {"CACHES": {"default": {"BACKEND": value}}},
        {"DATABASES": {"default": value}},
        {"DATABASES": {"default": {"ENGINE": value}}},
        {"DATABASES": {"default": database}},
        {"DATABASES": {"default": database | {"OPTIONS": modes}}},
        {"LOGGING": {"loggers": value}},
    ):
        yield {"Q_CLUSTER": QUEUE} | settings
