"""Find each part of a recipe that a fault can reach.

>>> from cookbook.evidence.recipes_under_faults.parts import parts
>>> [part for part in parts() if part.startswith("metrics")]
['metrics: receivers', 'metrics: views']
"""

import ast

from cookbook.catalogue import recipes

SECTIONS = ("recipes", "backend", "deploy", "scaling")


def parts():
    """Return the parts of all recipes that readers copy, like `qdrain: command`."""
    return sorted({
        f"{recipe.name}: {kind}"
        for recipe in recipes()
        if recipe.section in SECTIONS
        for file in recipe.files
        for kind in kinds(file)
    })  # fmt: skip


def apps():
    """Return the apps that have such a part."""
    names = {part.partition(":")[0] for part in parts()}
    return [r.package for r in recipes() if r.is_app and r.name in names]


def kinds(file):
    """Yield what a file is to Django-Q2, to a process manager and to a browser."""
    if file.suffix != ".py":
        if "qhealth" in file.read_text():
            yield "probe"
        return
    if file.name == "tests.py":
        return
    if file.parent.name == "commands" and file.name != "__init__.py":
        yield "command"
    text = file.read_text()
    for node in ast.walk(ast.parse(text)):
        # What sends a signal, as bulk_enqueue does, receives none.
        if isinstance(node, ast.ImportFrom) and ".send(sender=" not in text:
            names = {f"{node.module}.{name.name}" for name in node.names}
            if any(name.startswith("django_q.signals") for name in names):
                yield "receivers"
        elif isinstance(node, ast.arg) and node.annotation:
            if ast.unparse(node.annotation) == "HttpRequest":
                yield "views"
        elif isinstance(node, ast.ClassDef):
            if any(ast.unparse(base) == "DjangoQ2Worker" for base in node.bases):
                yield "process"
        elif isinstance(node, ast.If) and "__name__ ==" in ast.unparse(node.test):
            yield "process"
