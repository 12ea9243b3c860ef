"""The keys of Q_CLUSTER: what Django-Q2 reads, who reads it, what it takes otherwise.

The value is read when Django-Q2 is imported, not later, and a wrong key is no error:

>>> import json
>>> from django.test import override_settings
>>> from django_q.conf import Conf
>>> from pathlib import Path
>>> from cookbook.reference.q_cluster import measure, missing, strange
>>> with override_settings(Q_CLUSTER={"retry": 5}):
...     Conf.RETRY == 5
False
>>> observe(abs, -7, retri=5)
7

No key that Django-Q2 reads is without its entry:

>>> missing()
[]

No page covers a key that Django-Q2 does not read:

>>> strange()
[]

The table on the page is the one that the code gives now:

>>> from cookbook.harness.trial import observe
>>> from cookbook.reference import q_cluster
>>> table = Path(q_cluster.__file__).parent.with_suffix(".json")
>>> json.loads(table.read_text())["rows"] == measure()["rows"]
True
"""

import ast
from functools import cache
from pathlib import Path

import django_q

from cookbook.harness import upstream

DJANGO_Q = Path(django_q.__file__).parent
REFERENCE = Path(__file__).parents[1]
HELPERS = {"__init__", "settings", "projects", "reporter", "servers"}


def shown():
    """Return the modules of q_cluster*/, by the key that each one shows."""
    modules = REFERENCE.glob("q_cluster*/*.py")
    return {module.stem: module for module in modules if module.stem not in HELPERS}


def missing():
    """Return the keys that Django-Q2 reads and that have no module in q_cluster*/."""
    keys = (key for key in upstream.settings() if key.lower() not in shown())
    return sorted(keys, key=str.lower)


def strange():
    """Return the modules in q_cluster*/ whose key Django-Q2 does not read."""
    return sorted(shown().keys() - {key.lower() for key in upstream.settings()})


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
    return [module for module, used in expressions().items() if use in used]


def row(key):
    """Return what the page's table says of a key."""
    setting, module = upstream.settings()[key], shown().get(key.lower())
    page = module and module.parent.name.replace("_", "-")
    return {
        "key": f"`{key}`",
        "default": f"`{setting.default}`",
        "read by": ", ".join(f"`{module}`" for module in readers(key) or ["conf.py"]),
        "page": f"[{page}]({page}.md#{key.lower()})" if page else "",
    }


def measure():
    return {"rows": [row(key) for key in sorted(upstream.settings(), key=str.lower)]}
