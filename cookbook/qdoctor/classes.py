"""Find out which of Django-Q2's brokers a class extends, without importing it.

>>> from cookbook.qdoctor.classes import broker_base
>>> broker_base("django_q.brokers.orm.ORM")
'orm'
>>> broker_base("shop.brokers.Queue")
''
"""

import ast
import importlib.machinery
from pathlib import Path

from .keys import CLASSES

DEEP = 5  # How many classes may lie between.


def broker_base(path: str, depth: int = DEEP) -> str:
    """Return the key of the broker that the class at a dotted path extends, or ""."""
    if path in CLASSES or not depth:
        return CLASSES.get(path, "")
    module, _, name = path.rpartition(".")
    body = parse(module)
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            for parent in node.bases:
                above = resolve(ast.unparse(parent), module, body)
                if base := broker_base(above, depth - 1):
                    own = {one.name for one in node.body if hasattr(one, "name")}
                    # The Redis broker of Django-Q2 acknowledges nothing.
                    return "" if base == "redis" and "acknowledge" in own else base
    # It may be a name that the module imports.
    place = resolve(name, module, body)
    return broker_base(place, depth - 1) if place != path else ""


def parse(module: str) -> list[ast.stmt]:
    """Return what a module consists of, or nothing if it has no source here."""
    places = None
    try:
        for place in range(module.count(".") + 1):
            part = ".".join(module.split(".")[: place + 1])
            spec = importlib.machinery.PathFinder.find_spec(part, places)
            places = spec.submodule_search_locations if spec else None
        source = spec.origin if spec else None
        return ast.parse(Path(source).read_text()).body if source else []
    except Exception:  # Whatever is wrong with it, importing it says so.
        return []


def resolve(name: str, module: str, body: list[ast.stmt]) -> str:
    """Return the dotted path of what a module calls by this name."""
    first, dot, rest = name.partition(".")
    for node in body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for alias in node.names:
            if first == (alias.asname or alias.name.partition(".")[0]):
                source = alias.name if alias.asname else first
                if isinstance(node, ast.ImportFrom):
                    parts = module.split(".")
                    near = parts[: len(parts) - node.level] if node.level else []
                    source = ".".join([*near, *filter(None, [node.module]), alias.name])
                return f"{source}{dot}{rest}"
    return f"{module}.{name}"
