"""Make pytest items of the cookbook's modules and of the pages' blocks."""

import os
import re
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path

import pytest

from cookbook import upstream
from cookbook.catalogue import CLUSTER, ROOT, has_example, merge, owner, recipes
from cookbook.harness import pages
from cookbook.harness.checks import check
from cookbook.harness.clusters import Cluster, run_example, run_tests
from cookbook.harness.projects import lay_copy, lay_project
from cookbook.harness.servers import opened, workspace
from cookbook.harness.terminals import Terminals
from cookbook.site import stamps

# A run cannot contain itself: the README's own commands are typed by `.ci/run`.
# Here nox says whether it knows their sessions, and `ls` whether there are their files.
NOX = re.compile(r"^\$ .*\bnox (-s \S+)(?: -- )?(.*)$", re.M)
LISTED = rf"$ (cd {ROOT} && nox --list \1 && ls \2) > /dev/null && echo known\nknown"


def turn(item):
    """Let experiments begin before other tests, because they take longest.

    What a run at once knows from the last time, it puts into another order.
    """
    recipe = owner(item.path)
    return not (isinstance(item, Example) and recipe and not recipe.is_copyable)


class Checked(pytest.Item):
    """An item that says what it verified, for the stamps."""

    def runtest(self):
        start = time.monotonic()
        facts = self.verify()
        if "blocks" not in facts:  # A reading would change its page by each run.
            facts["seconds"] = time.monotonic() - start
        self.user_properties.append(("verified", facts))

    def repr_failure(self, error):
        if error.errisinstance(AssertionError):
            return f"{self.where}\n{error.value}"
        return super().repr_failure(error)

    def reportinfo(self):
        return self.path, None, self.where


class Module(pytest.File):
    """A module of the cookbook: its example runs where the option --on says."""

    def collect(self):
        recipe, wanted = owner(self.path), self.config.option.on.split(",")
        if not (is_suite(self.path) or has_example(self.path)) or verified(self):
            return
        databases = recipe.databases(self.path) if recipe else ["SQLite"]
        for database in [d for d in databases if d in wanted] or databases[:1]:
            yield Example.from_parent(self, name=database)
        if recipe and recipe.is_for_copying and "copy" in wanted:
            for database in databases:
                yield Copy.from_parent(self, name=f"copy on {database}")


def is_suite(path):
    """Say whether a module is the tests of a recipe, for `manage.py test`."""
    recipe = owner(path)
    return path.name == "tests.py" and bool(recipe and recipe.is_for_copying)


def verified(collector):
    """Return the parts of a file that need not run again."""
    changed = collector.config.option.changed
    return stamps.fresh(stamps.earlier(), collector.path) if changed else {}


class Example(Checked):
    """The examples of a module's docstrings, beside a cluster if they need one.

    The tests.py of a recipe runs as its reader runs it: `manage.py test`.
    """

    @property
    def where(self):
        return f"{self.path.relative_to(ROOT)} on {self.name}"

    def verify(self):
        settings, clustered = project_settings(owner(self.path), self.path)
        clustered = clustered and not is_suite(self.path)
        database = self.name.rpartition(" ")[2]
        module = ".".join(self.path.relative_to(ROOT).with_suffix("").parts)
        with workspace(settings, database) as environment:
            facts = self.run(module, Cluster(environment), clustered)
            used = opened(environment)
        clusters = used.pop("cluster", int(clustered))
        if not used:
            broker = settings.get("Q_CLUSTER", {}).get("redis")
            used = [database, *(["Redis"] if broker else [])]
        return facts | {"clusters": clusters, "on": sorted(used)}

    def run(self, module, project, clustered):
        if is_suite(self.path):
            return {"tests": run_tests(module, project)}
        seconds = self.config.option.seconds
        return {"examples": run_example(module, project, clustered, seconds)}


def project_settings(recipe, module):
    """Return what a module's example changes in the project, and if a cluster runs.

    A recipe's settings are merged into what every project has. A cluster runs where
    they name Q_CLUSTER. An experiment starts its own clusters, each in a workspace.
    """
    settings = recipe.settings(module) if recipe else {}
    clustered = bool(recipe) and settings.get("Q_CLUSTER") is not None
    if not recipe or recipe.section == "evidence":
        return {}, False
    if recipe.is_copyable:
        settings = merge({"Q_CLUSTER": CLUSTER}, settings)
        if recipe.is_app:
            settings = merge(settings, {"INSTALLED_APPS": [recipe.package]})
    if clustered:
        wrong = upstream.mistakes(settings["Q_CLUSTER"])
        assert not wrong, "\n".join(wrong)
    return {k: v for k, v in settings.items() if v is not None}, clustered


class Copy(Example):
    """A module of a recipe that was copied, alone, into another project.

    There it has another name and only the packages of its page, its tests even fewer.
    """

    def run(self, module, project, clustered):
        recipe, home = owner(self.path), "elsewhere"
        project = lay_copy({home: recipe}, project.environment, is_suite(self.path))
        if is_suite(self.path):
            project.manage("makemigrations", "--check", "--dry-run")
        inside = module.removeprefix(recipe.package).removesuffix(".__init__")
        return super().run(home + inside, project, clustered)


class Page(pytest.File):
    """A page: what Sphinx says of it, then its blocks, in the reader's order."""

    def collect(self):
        parts = verified(self)
        reading = parts.get("sphinx", {"all": None})
        if reading["all"] == stamps.everything() and len(parts) > reading["blocks"]:
            return
        blocks, complaints = pages.read()
        self.blocks = {block.name: block for block in blocks.get(self.path, [])}
        self.complaints = complaints.get(self.path, [])
        yield Reading.from_parent(self, name="sphinx")
        if self.blocks.keys() - parts:
            for name in self.blocks:
                yield Shown.from_parent(self, name=name)

    def setup(self):
        self.desk, self.typed = ExitStack(), set()

    def teardown(self):
        self.desk.close()

    @cached_property
    def recipe(self):
        return next((r for r in recipes() if r.page == self.path), None)

    @cached_property
    def terminals(self):
        """What the reader sits at: a project with the recipe in it, or an empty folder.

        In start/ the reader makes the project; proof and fixes bring what they need.
        """
        settings, _ = project_settings(self.recipe, None)
        environment = self.desk.enter_context(workspace(settings))
        site = Path(environment["WORKSPACE"]) / "site"
        mine = self.recipe
        if mine and (mine.is_for_copying or mine.section == "reference"):
            lay_project(site, {mine.path.stem: mine}, environment)
        site.mkdir(exist_ok=True)
        terminals = Terminals(site, {
            "HOME": str(site),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
            "PIP_NO_COMPILE": "1",
            **{k: environment[k] for k in ("PYTHONPATH", "SPT_NOENV", "WORKSPACE")},
        })  # fmt: skip
        self.desk.callback(terminals.close)
        return terminals

    def take(self, block):
        """Check one block, after the blocks before it on which it rests."""
        if block.language not in {"console", "output"}:
            return check(block, None)
        for earlier in takewhile(lambda b: b is not block, self.blocks.values()):
            if earlier.name not in self.typed:
                self._do(earlier)
        return self._do(block)

    def _do(self, block):
        self.typed.add(block.name)
        if block.language in {"console", "output"}:
            typed = replace(block, text=NOX.sub(LISTED, block.text))
            return check(typed, self.terminals)
        folder = self.recipe and self.recipe.path
        is_tutorial = self.path.parent.name == "start"
        if is_tutorial and block.source and folder in block.source.parents:
            # The reader puts what is shown into the file of the same name.
            file = self.terminals.directory / block.source.relative_to(folder)
            with file.open("a") as end:
                end.write(f"\n{block.text}\n")
        return None


class Reading(Checked):
    """Whether Sphinx could read the page without a warning."""

    @property
    def where(self):
        return f"{self.path.relative_to(ROOT)}, read by Sphinx"

    def verify(self):
        assert not self.parent.complaints, "\n".join(self.parent.complaints)
        return {"blocks": len(self.parent.blocks), "all": stamps.everything()}


class Shown(Checked):
    """A block of a page."""

    @property
    def where(self):
        return str(self.parent.blocks[self.name])

    def verify(self):
        block = self.parent.blocks[self.name]
        return {"language": block.language} | self.parent.take(block)
