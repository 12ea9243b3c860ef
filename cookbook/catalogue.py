"""What is in the cookbook: which recipes there are, and what each one asks for.

A recipe is a module, or a folder with Django's usual file names. Its page has the same
name: `cookbook/recipes/rate_limit.py` belongs to `docs/recipes/rate-limit.md`. The
section says what it is for: what stands in COPIED is for copying, and uses nothing of
the cookbook; everything else is an experiment, and may import `cookbook.harness.trial`.

>>> from cookbook.catalogue import ROOT, find
>>> recipe = find("enqueue-after-commit")
>>> recipe.page.relative_to(ROOT).as_posix()
'docs/recipes/enqueue-after-commit.md'
>>> find("evidence/lost-on-kill").page.relative_to(ROOT).as_posix()
'docs/evidence/lost-on-kill.md'
>>> find("enqueue-after-comit")
Traceback (most recent call last):
    ...
LookupError: no recipe is called 'enqueue-after-comit'; did you mean: enqueue-...
"""

import ast
import difflib
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.conf import global_settings

COOKBOOK = Path(__file__).parent
ROOT = COOKBOOK.parent
COPIED = ("start", "recipes", "backend", "deploy", "scaling")
SECTIONS = (*COPIED, "troubleshooting", "reference", "evidence", "explanation")
# Of each Django that runs here: TASKS is new in Django 6.
SETTINGS = {name for name in dir(global_settings) if name.isupper()} | {"TASKS"}
PRODUCT = COOKBOOK / "qdoctor"  # It stands below everything that uses it.
JUNK = {"__pycache__", ".DS_Store"}
# What every recipe's examples run under, and what a recipe's own settings change.
CLUSTER = {"name": "shop", "orm": "default", "workers": 2, "timeout": 60, "retry": 300}


def literal_settings(module):
    """Return the Django settings that a module assigns, without importing it.

    They are read as literals because what a page shows must be what ran.
    Raises ValueError for a setting that is computed.
    """
    settings = {}
    for node in ast.parse(module.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in SETTINGS | {"Q_CLUSTER", "PRODUCTION_PROCESSES"}:
                try:
                    settings[name] = ast.literal_eval(node.value)
                except ValueError:
                    raise ValueError(
                        f"{module}:{node.lineno}: {name} is computed; write it as a "
                        "literal, so that the page shows the value that ran"
                    ) from None
    return settings


def has_example(module):
    """Say whether a module has a doctest, in its docstring or in a function's."""
    return bool(re.search(r"^\s*>>> ", module.read_text("utf-8"), re.M))


def docstring(module):
    return ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""


def is_settings(path):
    """Settings are merged into the reader's own, and not copied."""
    return path.name == "settings.py" or path.name.endswith("_settings.py")


@dataclass(frozen=True)
class Recipe:
    """One recipe: `path` is its module or its folder."""

    path: Path

    @property
    def section(self):
        return self.path.parent.name

    @property
    def name(self):
        return self.path.stem.replace("_", "-")

    @property
    def page(self):
        section = "troubleshooting" if self.path == PRODUCT else self.section
        return ROOT / "docs" / section / f"{self.name}.md"

    @property
    def package(self):
        """The dotted name under which the cookbook imports it."""
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)

    @cached_property
    def files(self):
        """Every file of the recipe."""
        if self.path.is_file():
            return [self.path]
        return sorted(
            file
            for file in self.path.rglob("*")
            if file.is_file() and JUNK.isdisjoint(file.parts)
        )

    @cached_property
    def modules(self):
        """Every Python file of the recipe."""
        return [file for file in self.files if file.suffix == ".py"]

    @property
    def main(self):
        """The module whose docstring says in its first line what the recipe does."""
        return self.path / "__init__.py" if self.path.is_dir() else self.path

    @property
    def summary(self):
        if self.main.exists():
            return docstring(self.main).split("\n")[0]
        return self.page.read_text("utf-8").partition("\n")[0].removeprefix("# ")

    @property
    def needs(self):
        """The third-party packages that it asks for: `{package: when}`.

        They stand in a docstring's line `Needs: redis (with the Redis broker), boto3.`
        """
        lines = (
            re.search(r"^Needs: (.+)\.$", docstring(m), re.M) for m in self.modules
        )
        needs = (need for line in lines if line for need in line[1].split(", "))
        return dict(
            re.fullmatch(r"(\S+)(?: \((.+)\))?", need).groups("") for need in needs
        )

    def settings(self, module=None):
        """Return what to merge into a project's settings for a module's examples.

        `settings.py` of the folder holds what the recipe needs. What only the example
        of `busy.py` needs is in `busy_settings.py`. An experiment may assign its
        settings itself.
        """
        common, module = self.path / "settings.py", module or self.main
        own = module.with_name(f"{module.stem}_settings.py")
        values = {}
        for file in (common, own, *(() if self.is_copyable else (module,))):
            if file.exists():
                values = merge(values, literal_settings(file))
        return values

    def databases(self, module=None):
        """Return the databases on which an example runs.

        The ORM broker works on both; every other broker keeps results in SQLite,
        a recipe that sets an ENGINE has chosen, an experiment chooses by itself.
        """
        settings = self.settings(module)
        engine = settings.get("DATABASES", {}).get("default", {}).get("ENGINE")
        if engine:
            return ("PostgreSQL",) if "postgresql" in engine else ("SQLite",)
        orm = settings.get("Q_CLUSTER", {}).get("orm", "default")
        orm = orm and self.is_for_copying  # The reader of start/ has SQLite.
        return ("SQLite", "PostgreSQL") if orm else ("SQLite",)

    @property
    def is_copyable(self):
        """The section decides what is for copying."""
        return self.section in COPIED or self.path == PRODUCT

    @property
    def is_for_copying(self):
        """What start/ shows is typed by its reader, step by step."""
        return self.is_copyable and self.section != "start"

    @property
    def is_app(self):
        """An app has to stand in INSTALLED_APPS."""
        parts = ("apps.py", "management", "migrations", "templates", "templatetags")
        return any((self.path / part).exists() for part in parts)

    @property
    def has_tables(self):
        return (self.path / "migrations").exists()


def merge(settings, more):
    """Return settings with more merged into them, as their reader would do it by hand.

    Lists grow by what they lack, dictionaries take the new keys, the rest is replaced.
    """
    merged = dict(settings)
    for name, value in more.items():
        old = settings.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[name] = merge(old, value) if name == "DATABASES" else old | value
        elif isinstance(old, list) and isinstance(value, list):
            merged[name] = old + [one for one in value if one not in old]
        else:
            merged[name] = value
    return merged


@cache
def recipes():
    """Return every recipe, in the order of the sections and names."""
    places = [
        path
        for section in SECTIONS
        for path in sorted((COOKBOOK / section).glob("*"))
        if path.suffix == ".py" or path.is_dir()
    ]
    strange = {"__init__.py", *JUNK}
    candidates = [
        Recipe(path) for path in [PRODUCT, *places] if path.name not in strange
    ]
    return [recipe for recipe in candidates if recipe.files]


def find(name):
    """Return the recipe called `name`, or `section/name`.

    What is for copying goes before its evidence. Raises LookupError with the nearest
    names.
    """
    short = {recipe.name: recipe for recipe in reversed(recipes())}
    names = short | {f"{recipe.section}/{recipe.name}": recipe for recipe in recipes()}
    if name in names:
        return names[name]
    near = ", ".join(difflib.get_close_matches(name, names))
    advice = f"did you mean: {near}?" if near else "see `python -m cookbook list`"
    raise LookupError(f"no recipe is called {name!r}; {advice}")


@cache
def owner(path):
    """Return the recipe that a file belongs to, or None for the house itself."""
    paths = {recipe.path: recipe for recipe in recipes()}
    return next((paths[p] for p in (path, *path.parents) if p in paths), None)
