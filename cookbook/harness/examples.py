"""Run an example: the doctest of one module, beside a real cluster if it has one."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryFile

from django.core.management import call_command
from filelock import FileLock
from packaging.requirements import Requirement

from cookbook.catalogue import ROOT
from cookbook.harness.clusters import Cluster
from cookbook.harness.forks import start
from cookbook.harness.servers import MANAGE, processes

SESSION = Path(__file__).with_name("session.py")


class ExampleFailed(Exception):  # noqa: N818  It is a verdict, not a fault.
    """Its text is what the reader of a failed test needs, and nothing else."""


def module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def run_example(module, environment, python=(sys.executable,), manage=MANAGE,
                clustered=True, seconds=480):  # fmt: skip
    """Run the doctest of the module named `module` and return how many examples ran.

    Raises ExampleFailed with the report, the cluster's log and what to do.
    """
    cluster = Cluster(environment, [*python, manage]).start() if clustered else None
    try:
        with cluster or nullcontext():
            here = environment["WORKSPACE"]
            code, printed = output(
                [*python, SESSION, module], environment, here, seconds
            )
            log = cluster.wait().advice if cluster else ""
            ran = re.search(r"^(\d+) examples$", printed, re.M)
            if code or not ran:
                raise ExampleFailed(f"{printed}{log}")
    except subprocess.TimeoutExpired:
        raise ExampleFailed(
            f"{module} did not finish within {seconds} s: a task never ended, or no "
            f"cluster serves its queue.{cluster.advice if cluster else ''}"
        ) from None
    except (RuntimeError, TimeoutError) as error:
        raise ExampleFailed(str(error)) from None
    if not int(ran[1]):
        raise ExampleFailed(
            f"{module} has no doctest; add one to its docstring that shows it work"
        )
    left = processes(environment["WORKSPACE"])
    if left:
        raise ExampleFailed(f"{module} left processes running: {left}")
    return int(ran[1])


def output(command, environment, cwd, seconds=None):
    """Run a command; return its exit code and all that it printed."""
    with TemporaryFile("w+") as file:
        files = [0, file.fileno(), file.fileno()]
        code = start(command, environment, cwd, files).wait(seconds)
        file.seek(0)
        return code, file.read()


def lay_project(directory, recipe, name, environment):
    """Make a new Django project in `directory` with a copy of `recipe` called `name`.

    It does what `python -m cookbook copy` says, under the settings of a workspace.
    """
    made = Path(environment["COOKBOOK_RUN"]) / f"{recipe.name} as {name}"
    with FileLock(f"{made}.lock"):  # It is made once and then copied.
        if not made.exists():
            _make_project(made.with_suffix(".new"), recipe, name, environment)
            made.with_suffix(".new").rename(made)
    shutil.copytree(made, directory)
    own = ast.literal_eval(environment["RECIPE_SETTINGS"])
    own = {k: v for k, v in own.items() if k not in ("DATABASES", "INSTALLED_APPS")}
    with (directory / "config/settings.py").open("a") as file:
        file.write(f"\nglobals().update({own!r})\n")


def _make_project(directory, recipe, name, environment):
    directory.mkdir()
    call_command("startproject", "config", directory)
    shutil.copy(Path(environment["WORKSPACE"]) / "db.sqlite3", directory)
    suffix = "" if recipe.path.is_dir() else ".py"
    command = ["-m", "cookbook", "copy", recipe.name, f"{name}{suffix}"]
    code, told = output([sys.executable, *command], environment, directory)
    assert not code, told
    with (directory / "config/settings.py").open("a") as file:
        file.write(f"{told}\n")
    routes = re.search(r"^# (urlpatterns .*)$", told, re.M)
    if routes:
        with (directory / "config/urls.py").open("a") as file:
            file.write(f"from django.urls import include\n{routes[1]}\n")
    if recipe.is_app:
        own = environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        code, printed = output(command, own, directory)
        assert not code, printed


def packages(*distributions):
    """Return the installed packages that these distributions need, themselves included.

    It is `{name of the package or module: path}`.
    """
    found, todo = {}, list(distributions)
    seen = set()
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files:
            top = file.parts[0]
            if top != ".." and not top.endswith(".pth"):
                found[top] = Path(distribution.locate_file(top))
        for line in distribution.requires or []:
            requirement = Requirement(line)
            if not requirement.marker or requirement.marker.evaluate({"extra": ""}):
                todo.append(requirement.name)
    return found
