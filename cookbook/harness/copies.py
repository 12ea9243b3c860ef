"""A reader's project: new, with a copy of a recipe under another name."""

import ast
import importlib.metadata
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import dj_database_url
from django.core.management import call_command
from packaging.requirements import Requirement

from cookbook import take
from cookbook.catalogue import CLUSTER

# What a reader of a recipe has before: Django-Q2 in the settings, and a route.
SETTINGS = f"""
INSTALLED_APPS += ["django_q"]
Q_CLUSTER = {CLUSTER}
"""


@dataclass(frozen=True)
class Project:
    """A project that sees no package but those of its library."""

    folder: Path
    environment: dict

    @property
    def start(self):
        """How a process of it is started, as arguments of `run_example`."""
        return {
            "environment": self.environment,
            "python": (sys.executable, "-S"),
            "manage": self.folder / "manage.py",
        }

    def manage(self, *arguments):
        """Run a command of manage.py; raise AssertionError with what it printed."""
        done = subprocess.run(
            [sys.executable, "-S", "manage.py", *arguments],
            cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert not done.returncode, f"manage.py {' '.join(arguments)}:\n{done.stdout}"
        return done.stdout


def lay_copy(copies, environment):
    """Copy recipes into a new project, `{name: recipe}`; return the project, migrated.

    It sees Django-Q2, a driver of the database, and what the recipes name.
    """
    here = Path(environment["WORKSPACE"])
    needs = [
        "django-q2",
        *(need for recipe in copies.values() for need in recipe.needs),
    ]
    if environment["DATABASE_URL"].startswith("postgres"):
        needs.append("psycopg[binary]")
    (here / "library").mkdir()
    for package, path in packages(*needs).items():
        (here / "library" / package).symlink_to(path)
    lay_project(here / "site", copies, environment)
    project = Project(here / "site", environment | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{here / 'site'}{os.pathsep}{here / 'library'}",
    })  # fmt: skip
    if any(recipe.is_app for recipe in copies.values()):
        project.manage("migrate", "--verbosity=0")
    return project


def lay_project(directory, copies, environment):
    """Make a new Django project in `directory` with copies, `{name: recipe}`.

    Its settings are what `python -m cookbook copy` prints, then a workspace's own.
    """
    start_project(directory)
    for name, recipe in copies.items():
        add_recipe(directory, recipe, name)
    own = ast.literal_eval(environment["RECIPE_SETTINGS"])
    own.pop("INSTALLED_APPS", None)
    database = dj_database_url.parse(environment["DATABASE_URL"])
    if "sqlite" in database["ENGINE"]:
        shutil.copy(database["NAME"], directory)
        database["NAME"] = str(directory / "db.sqlite3")
    changes = own.get("DATABASES", {}).get("default", {})
    own["DATABASES"] = {"default": database | changes}
    lines = [
        take.renamed(recipe, f"{key} = {value!r}", name) for key, value in own.items()
    ]
    with (directory / "config/settings.py").open("a") as file:
        file.write("\n".join(lines) + "\n")


def start_project(directory):
    """Make what `startproject` makes, with Django-Q2 in its settings."""
    directory.mkdir()
    call_command("startproject", "config", directory)
    with (directory / "config/settings.py").open("a") as file:
        file.write(SETTINGS)


def add_recipe(directory, recipe, name):
    """Copy a recipe into a project, and paste what `copy` prints."""
    home = directory.joinpath(*name.split("."))
    if recipe.path.is_file():
        home = home.parent
    for path, data in take.contents(recipe, name).items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(data)
    for file, text in {
        "settings": take.settings(recipe, name),
        "urls": take.urls(recipe, name),
    }.items():
        with (directory / f"config/{file}.py").open("a") as end:
            end.write(f"\n{text}\n")


def packages(*distributions):
    """Return the installed packages that these distributions need, themselves included.

    It is `{name of the package or module: path}`.
    """
    found, todo, seen = {}, list(map(Requirement, distributions)), set()
    while todo:
        wanted = todo.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        distribution = importlib.metadata.distribution(wanted.name)
        for file in distribution.files:
            top = file.parts[0]
            if top != ".." and not top.endswith(".pth"):
                found[top] = Path(distribution.locate_file(top))
        for line in distribution.requires or []:
            requirement = Requirement(line)
            marker = requirement.marker
            extras = [{"extra": extra} for extra in wanted.extras or [""]]
            if not marker or any(map(marker.evaluate, extras)):
                todo.append(requirement)
    return found
