"""What is in the cookbook: which recipes there are, and what each one asks for.

A recipe is a module, or a folder of modules with Django's usual file names.
Its page has the same name: `cookbook/recipes/unique_tasks.py` belongs to
`docs/recipes/unique-tasks.md`.

>>> recipe = find("enqueue-after-commit")
>>> recipe.page.relative_to(ROOT).as_posix()
'docs/recipes/enqueue-after-commit.md'
>>> recipe.databases()
('SQLite', 'PostgreSQL')
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
SECTIONS = tuple(
    folder.name
    for folder in sorted(COOKBOOK.iterdir())
    if folder.is_dir() and folder.name not in {"harness", "__pycache__"}
)


def literal_settings(module):
    """Return the Django settings that a module assigns, without importing it.

    They are read as literals because what a page shows must be what ran.
    Raises ValueError for a setting that is computed.
    """
    settings = {}
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in {"Q_CLUSTER", "PRODUCTION_PROCESSES"} or (
                name.isupper() and hasattr(global_settings, name)
            ):
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
    return bool(re.search(r"^\s*>>> ", module.read_text(), re.M))


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
        return ROOT / "docs" / self.section / f"{self.name}.md"

    @cached_property
    def modules(self):
        """Every Python file of the recipe."""
        return sorted(self.path.rglob("*.py")) if self.path.is_dir() else [self.path]

    @cached_property
    def source(self):
        return "\n".join(module.read_text() for module in self.modules)

    def settings(self, module=None):
        """Return what to add to the settings: the folder's, then the module's own."""
        common = self.path / "settings.py"
        shared = literal_settings(common) if common.exists() else {}
        return (
            shared | literal_settings(module or self.path)
            if (module or self.path.is_file())
            else shared
        )

    def databases(self, module=None):
        """Return the databases on which an example runs.

        The ORM broker works on both; every other broker keeps results in SQLite,
        a recipe that sets an ENGINE has chosen, an experiment chooses by itself.
        """
        settings = self.settings(module)
        if "DATABASES" in settings:
            engine = settings["DATABASES"]["default"].get("ENGINE", "sqlite3")
            return ("PostgreSQL",) if "postgresql" in engine else ("SQLite",)
        orm = settings.get("Q_CLUSTER", {}).get("orm") and self.is_copyable
        return ("SQLite", "PostgreSQL") if orm else ("SQLite",)

    @property
    def needs(self):
        """The third-party packages that it asks for, from its `Needs:` line."""
        line = re.search(r"^Needs: (.+)\.$", self.source, re.M)
        return line[1].split(", ") if line else []

    @property
    def is_copyable(self):
        """An experiment uses parts of the cookbook; everything else is for copying."""
        return "from cookbook." not in self.source

    @property
    def is_for_copying(self):
        """What start/ shows is typed by its reader, step by step."""
        return self.is_copyable and self.section != "start"

    @property
    def is_app(self):
        """An app has to stand in INSTALLED_APPS."""
        return self.has_tables or (self.path / "apps.py").exists()

    @property
    def has_tables(self):
        """Such an app is always installed here, so that its tables are there."""
        return any((self.path / part).exists() for part in ("models.py", "templates"))

    @property
    def package(self):
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)

    @property
    def summary(self):
        main = self.path / "__init__.py" if self.path.is_dir() else self.path
        return (ast.get_docstring(ast.parse(main.read_text())) or "").split("\n")[0]


@cache
def recipes():
    """Return every recipe, in the order of the sections and names."""
    return [
        Recipe(path)
        for section in SECTIONS
        for path in sorted((COOKBOOK / section).iterdir())
        if path.name not in {"__init__.py", "__pycache__"}
        and (path.suffix == ".py" or (path / "__init__.py").exists())
    ]


def find(name):
    """Return the recipe called `name`. Raises LookupError with the nearest names."""
    known = {recipe.name: recipe for recipe in recipes()}
    if name in known:
        return known[name]
    near = ", ".join(difflib.get_close_matches(name, known)) or ", ".join(known)
    raise LookupError(f"no recipe is called {name!r}; did you mean: {near}?")


def owner(path):
    """Return the recipe that a file belongs to, or None for the house itself."""
    return next(
        (r for r in recipes() if r.path == path or r.path in path.parents), None
    )
