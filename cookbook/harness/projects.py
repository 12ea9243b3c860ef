"""New Django projects, which see only the packages they name.

A reader's has copies of recipes under other names; that of an experiment has the apps
of the backend.
"""

import ast
import importlib.metadata
import json
import os
import re
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import dj_database_url
from django.core.management import call_command
from packaging.requirements import Requirement

from cookbook import take
from cookbook.catalogue import CLUSTER
from cookbook.harness.clusters import Cluster, Process
from cookbook.harness.forks import output
from cookbook.harness.servers import workspace

# What a reader of a recipe has before: Django-Q2 in the settings, and a route.
READER = f"""
INSTALLED_APPS += ["django_q"]

Q_CLUSTER = {json.dumps(CLUSTER, indent=4)}
"""

WORKER = "django_prodserver.backends.workers.django_q2.DjangoQ2Worker"
SETTINGS = {
    "Q_CLUSTER": {"name": "shop", "orm": "default", "workers": 1, "retry": 120,
                  "timeout": 60},
    "PRODUCTION_PROCESSES": {"worker": {"BACKEND": WORKER}},
}  # fmt: skip
APPS = ["django_q", "django_prodserver"]


class Project:
    """What `startproject` makes, migrated, on SQLite, with the apps of the backend."""

    def __init__(self, *distributions, python=sys.executable):
        self.desk = ExitStack()
        environment = self.desk.enter_context(workspace({}))
        self.folder = Path(environment["WORKSPACE"])
        call_command("startproject", "config", self.folder)
        self.python = [python, "-S"]  # Without the packages of this site.
        self.environment = environment | {"DJANGO_SETTINGS_MODULE": "config.mine"}
        self.sees(lay_library(self.folder / "library", distributions))
        self.has()

    def sees(self, *libraries):
        """Let every process of the project import from these folders."""
        self.environment["PYTHONPATH"] = os.pathsep.join(map(str, libraries))

    def has(self, apps=APPS, more="", **settings):
        """Write the settings: those that work, with `settings` in place of some."""
        lines = ["from config.settings import *", f"INSTALLED_APPS += {apps!r}"]
        lines += [f"{k} = {v!r}" for k, v in (SETTINGS | settings).items()]
        (self.folder / "config/mine.py").write_text("\n".join([*lines, more]))
        # Python would take a file of the same second and size for the old one.
        shutil.rmtree(self.folder / "config/__pycache__", ignore_errors=True)

    def run(self, *arguments):
        """Run `manage.py` with these arguments and return what it prints."""
        command = [*self.python, "manage.py", *arguments]
        return output(command, self.environment, self.folder, 120)[1]

    def says(self, *arguments):
        """Print the errors of a command, or its last line if it has none."""
        printed = re.sub(r"^[\d:]{8} ", "", self.run(*arguments), flags=re.M)
        errors = re.findall(r"^\S*(?:Error|Exist|Configured)\b.*", printed, re.M)
        print(*dict.fromkeys(errors or printed.splitlines()[-1:]), sep="\n")

    def start(self, *arguments):
        """Start a process that goes on, and wait until it says that it runs."""
        process = Process(self.environment, self.python)
        return process.start(self.folder / "manage.py", *arguments)

    def close(self):
        self.desk.close()


def lay_copy(copies, environment, bare=False):
    """Copy recipes into a new project, `{name: recipe}`, and migrate it.

    It sees Django-Q2, a driver, and what the recipes need, a bare one what they always
    need. Returns its cluster, not yet started.
    """
    here, needs = Path(environment["WORKSPACE"]), ["django-q2"]
    needs += [n for r in copies.values() for n in r.needs if not (bare and r.needs[n])]
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
    own = {k: v for k, v in own.items() if k not in ("INSTALLED_APPS", "MIDDLEWARE")}
    database = dj_database_url.parse(environment["DATABASE_URL"])
    if "sqlite" in database["ENGINE"]:
        shutil.copy(database["NAME"], directory)
        database["NAME"] = str(directory / "db.sqlite3")
    changes = own.get("DATABASES", {}).get("default", {})
    own["DATABASES"] = {"default": database | changes}
    last = "\n".join(f"{key} = {quoted(value)}" for key, value in own.items())
    settings, urls = [READER], []
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
    paths, todo, names = {}, list(map(Requirement, distributions)), set()
    while todo:
        wanted = todo.pop()
        if str(wanted) in names:
            continue
        names.add(str(wanted))
        distribution = importlib.metadata.distribution(wanted.name)
        for file in distribution.files:
            top = file.parts[0]
            if top != ".." and not top.endswith(".pth"):
                paths[top] = Path(distribution.locate_file(top))
        for line in distribution.requires or []:
            requirement = Requirement(line)
            marker = requirement.marker
            extras = [{"extra": extra} for extra in wanted.extras or [""]]
            if not marker or any(map(marker.evaluate, extras)):
                todo.append(requirement)
    return paths
