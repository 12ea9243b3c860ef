"""A reader's project: new, with a copy of a recipe under another name."""

import ast
import importlib.metadata
import json
import os
import shutil
import sys
from pathlib import Path

import dj_database_url
from django.core.management import call_command
from packaging.requirements import Requirement

from cookbook import take
from cookbook.catalogue import CLUSTER
from cookbook.harness.clusters import Cluster

# What a reader of a recipe has before: Django-Q2 in the settings, and a route.
SETTINGS = f"""
INSTALLED_APPS += ["django_q"]

Q_CLUSTER = {json.dumps(CLUSTER, indent=4)}
"""


def lay_copy(copies, environment):
    """Copy recipes into a new project, `{name: recipe}`, and migrate it.

    It sees Django-Q2, a driver of the database, and what the recipes name. Returns its
    cluster, not yet started.
    """
    here, needs = Path(environment["WORKSPACE"]), ["django-q2"]
    needs += [need for recipe in copies.values() for need in recipe.needs]
    if environment["DATABASE_URL"].startswith("postgres"):
        needs.append("psycopg[binary]")
    library = lay_library(here / "library", needs)
    lay_project(here / "site", copies, environment)
    settings = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{here / 'site'}{os.pathsep}{library}",
    }
    command = (sys.executable, "-S", here / "site/manage.py")
    project = Cluster(environment | settings, command)
    if any(recipe.is_app for recipe in copies.values()):
        project.manage("migrate", "--verbosity=0")
    return project


def lay_project(directory, copies, environment):
    """Make a new Django project in `directory` with copies, `{name: recipe}`.

    Its settings are what `python -m cookbook copy` prints, then a workspace's own.
    """
    directory.mkdir()
    call_command("startproject", "config", directory)
    own = ast.literal_eval(environment["RECIPE_SETTINGS"])
    own.pop("INSTALLED_APPS", None)
    database = dj_database_url.parse(environment["DATABASE_URL"])
    if "sqlite" in database["ENGINE"]:
        shutil.copy(database["NAME"], directory)
        database["NAME"] = str(directory / "db.sqlite3")
    changes = own.get("DATABASES", {}).get("default", {})
    own["DATABASES"] = {"default": database | changes}
    last = "\n".join(f"{key} = {quoted(value)}" for key, value in own.items())
    settings, urls = [SETTINGS], []
    for name, recipe in copies.items():
        home = directory.joinpath(*name.split("."))
        for path, data in take.contents(recipe, name).items():
            file = (home.parent if recipe.path.is_file() else home) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        settings.append(take.settings(recipe, name))
        urls.append(take.urls(recipe, name))
        last = take.renamed(recipe, last, name)
    for file, texts in {"settings": [*settings, last], "urls": urls}.items():
        with (directory / f"config/{file}.py").open("a") as end:
            end.write("\n".join(["", *texts, ""]))


def quoted(value):
    """Return a setting as Python in the double quotes of these pages."""
    text = repr(value)
    return text if '"' in text else text.replace("'", '"')


def lay_library(folder, distributions):
    """Make a folder in which Python finds these distributions and what they need."""
    folder.mkdir()
    for name, path in packages(distributions).items():
        (folder / name).symlink_to(path)
    return folder


def packages(distributions):
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
