"""The keys of Q_CLUSTER: what Django-Q2 reads, who reads it, what it ignores.

Django-Q2 reads the values when it is imported, not later, and ignores a wrong key:

>>> from django.test import override_settings
>>> from django_q.conf import Conf
>>> with override_settings(Q_CLUSTER={"retry": 5}):
...     Conf.RETRY == 5
False
>>> from cookbook.harness.trial import observe
>>> observe(abs, -7, retri=5)
7

Every key that Django-Q2 reads has an entry, and every entry has such a key:

>>> from cookbook.reference.q_cluster import measure, missing, strange
>>> missing(), strange()
([], [])

The tables on the page are those that the source of Django-Q2 gives now:

>>> import json
>>> from pathlib import Path
>>> from cookbook.reference import q_cluster
>>> file = Path(q_cluster.__file__).parent.with_suffix(".json")
>>> figures = json.loads(file.read_text())
>>> all(figures[name] == value for name, value in measure().items())
True
"""

import ast
import re
from functools import cache
from pathlib import Path

import django_q

from cookbook import upstream
from cookbook.harness.trial import table

DJANGO_Q = Path(django_q.__file__).parent
REFERENCE = Path(__file__).parents[1]
HELPERS = {"__init__", "deaths", "newest_first", "reporter", "settings"}
# Names in the source for other keys.
NAMES = {"PREFIX": "name", "WORKERS": "workers"}
PROCESSES = {
    "The client, when it enqueues": {"tasks.py"},
    "Client and cluster, when they sign or read a task": {"signing.py"},
    "The sentinel": {"cluster.py"},
    "The pusher": {"pusher.py"},
    "The worker": {"worker.py"},
    "The monitor": {"monitor.py"},
    "The scheduler": {"scheduler.py"},
    "The broker, in every process": {
        f"brokers/{name}.py"
        for name in ("__init__", "aws_sqs", "ironmq", "mongo", "orm", "redis_broker")
    },
    "The admin": {"admin.py", "apps.py"},
    "`qinfo` and `qmonitor`": {"monitor_terminal.py"},
    "Every process": {"conf.py", "utils.py"},
}


def entries():
    """Return the modules of q_cluster*/, by the key that each one is about."""
    modules = REFERENCE.glob("q_cluster*/*.py")
    return {module.stem: module for module in modules if module.stem not in HELPERS}


def missing():
    """Return the keys that Django-Q2 reads and that have no module in q_cluster*/."""
    keys = (key for key in upstream.settings() if key.lower() not in entries())
    return sorted(keys, key=str.lower)


def strange():
    """Return the modules in q_cluster*/ about a key that Django-Q2 does not read."""
    return sorted(entries().keys() - {key.lower() for key in upstream.settings()})


@cache
def expressions():
    """Return every expression in Django-Q2, as code: `{module: {expression}}`."""
    return {
        module.relative_to(DJANGO_Q).as_posix(): {
            ast.unparse(node)
            for node in ast.walk(ast.parse(module.read_text()))
            if isinstance(node, ast.Attribute)
        }
        for module in sorted(DJANGO_Q.rglob("*.py"))
        if "tests" not in module.relative_to(DJANGO_Q).parts
    }


def readers(key):
    """Return the modules of Django-Q2 that use the value of a key."""
    use = f"Conf.{upstream.settings()[key].attribute}"
    return [m for m, used in expressions().items() if use in used] or ["conf.py"]


def keys():
    return sorted(upstream.settings(), key=str.lower)


def definition(module):
    """Return what the docstring of a module says of its key."""
    first = ast.get_docstring(ast.parse(module.read_text())).splitlines()[0]
    sentence = first.partition(": ")[2]
    return sentence[0].upper() + sentence[1:]


def row(key):
    """Return what the page's table says of a key: a link, its meaning, its default."""
    module = entries()[key.lower()]
    page = module.parent.name.replace("_", "-")
    default = upstream.settings()[key].default
    default = re.sub(r"\b[A-Z]+\b", lambda name: NAMES.get(name[0], name[0]), default)
    default = "none" if default == "required" else f"`{default}`"
    return {
        "Key": f"[`{key}`]({page}.md#{key.lower()})",
        "What it sets": f"{definition(module)} Default: {default}",
    }


def processes():
    """Return the keys that each process reads, as a table.

    A module of Django-Q2 that belongs to no process here is an error.
    """
    where = {module: who for who, files in PROCESSES.items() for module in files}
    lists = {who: [] for who in PROCESSES}
    for key in keys():
        for who in dict.fromkeys(where[module] for module in readers(key)):
            lists[who].append(f"`{key}`")
    return table({who: ", ".join(lists[who]) for who in lists}, ("Read by", "Keys"))


def measure():
    return {"rows": [row(key) for key in keys()], "processes": processes()}
