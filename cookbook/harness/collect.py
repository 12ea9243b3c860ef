"""Make pytest items of the cookbook's modules and of the pages' blocks."""

import os
import re
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest

from cookbook import upstream
from cookbook.catalogue import CLUSTER, ROOT, has_example, merge, owner, recipes
from cookbook.harness import pages
from cookbook.harness.checks import check
from cookbook.harness.copies import lay_copy, lay_project
from cookbook.harness.examples import (
    ExampleFailed,
    module_name,
    run_example,
    run_tests,
)
from cookbook.harness.servers import opened, workspace
from cookbook.harness.terminals import Terminals
from cookbook.site import stamps


def turn(item):
    """Let experiments begin before other tests, because they take longest.

    What a run at once knows from the last time, it puts into another order.
    """
    return not (isinstance(item, Example) and item.is_experiment)


class Checked(pytest.Item):
    """An item that says what it verified, for the stamps."""

    def runtest(self):
        start = time.monotonic()
        facts = self.verify()
        if facts:  # A reading has none; else each run would change every page.
            facts["seconds"] = time.monotonic() - start
        self.user_properties.append(("verified", facts))

    def repr_failure(self, error):
        if error.errisinstance((AssertionError, ExampleFailed)):
            return f"{self.where}\n{error.value}"
        return super().repr_failure(error)

    def reportinfo(self):
        return self.path, None, self.where


class Module(pytest.File):
    """A module of the cookbook: its example runs where the option --on says."""

    def collect(self):
        recipe, wanted = owner(self.path), self.config.option.on.split(",")
        is_suite = self.path.name == "tests.py" and recipe and recipe.is_for_copying
        if not (is_suite or has_example(self.path)) or verified(self):
            return
        databases = recipe.databases(self.path) if recipe else ["SQLite"]
        kind = Suite if is_suite else Example
        for database in [d for d in databases if d in wanted] or ["SQLite"]:
            yield kind.from_parent(self, name=database)
        if recipe and recipe.is_for_copying and "copy" in wanted:
            for database in databases:
                yield Copy.from_parent(self, name=f"copy on {database}")


def verified(collector):
    """Return the parts of a file that need not run again."""
    changed = collector.config.option.changed
    return stamps.fresh(stamps.load(), collector.path) if changed else {}


class Example(Checked):
    """The examples of a module's docstrings, beside a cluster if they need one."""

    @property
    def where(self):
        return f"{self.path.relative_to(ROOT)} on {self.name}"

    @property
    def is_experiment(self):
        recipe = owner(self.path)
        return recipe and not recipe.is_copyable

    def verify(self):
        recipe = owner(self.path)
        settings, clustered = project_settings(recipe, self.path)
        with workspace(settings, self.name) as environment:
            ran = self.run(module_name(self.path), environment, clustered)
            used = opened(environment)
        clusters = used.pop("cluster", int(clustered))
        on = sorted(used) or [self.name, *brokers(settings)]
        return ran | {"clusters": clusters, "on": on}

    def run(self, module, environment, clustered):
        seconds = self.config.option.seconds
        ran = run_example(module, environment, clustered=clustered, seconds=seconds)
        return {"examples": ran}


class Suite(Example):
    """The tests.py of a recipe, run as its reader runs it: `manage.py test`."""

    def run(self, module, environment, clustered):
        return {"tests": run_tests(module, environment)}


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
    if clustered and (wrong := upstream.mistakes(settings["Q_CLUSTER"])):
        raise ExampleFailed("\n".join(wrong))
    return {k: v for k, v in settings.items() if v is not None}, clustered


def brokers(settings):
    """Return the brokers that are servers of their own."""
    return ["Redis"] if settings.get("Q_CLUSTER", {}).get("redis") else []


class Copy(Example):
    """A module of a recipe that was copied, alone, into another project.

    There the recipe has another name, and sees no package that it does not need.
    """

    def verify(self):
        recipe, home = owner(self.path), "elsewhere"
        settings, clustered = project_settings(recipe, self.path)
        database = self.name.rpartition(" ")[2]
        with workspace(settings, database) as environment:
            project = lay_copy({home: recipe}, environment)
            start = project.environment, project.command
            inside = self.path.relative_to(recipe.path.parent).with_suffix("").parts[1:]
            module = ".".join([home, *(p for p in inside if p != "__init__")])
            if self.path.name == "tests.py":
                project.manage("makemigrations", "--check", "--dry-run")
                return {"tests": run_tests(module, *start), "on": [database]}
            ran = run_example(module, *start, clustered=clustered)
        on, clusters = [database, *brokers(settings)], int(clustered)
        return {"examples": ran, "clusters": clusters, "on": on}


class Page(pytest.File):
    """A page: what Sphinx says of it, then its blocks, in the reader's order."""

    def collect(self):
        blocks, complaints = pages.read()
        self.blocks = blocks.get(self.path, [])
        said = complaints.get(self.path, [])
        yield Reading.from_parent(self, name="sphinx", said=said)
        done = verified(self)
        if all(block.name in done for block in self.blocks):
            return
        for block in self.blocks:
            yield Shown.from_parent(self, name=block.name, block=block)

    def setup(self):
        self.desk, self.typed = ExitStack(), []

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
        has_project = self.recipe and (
            self.recipe.is_for_copying or self.recipe.section == "reference"
        )
        if has_project:
            lay_project(site, {self.recipe.path.stem: self.recipe}, environment)
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

    @property
    def is_tutorial(self):
        return self.path.parent.name == "start"

    def take(self, block):
        """Check one block, after the blocks before it on which it rests."""
        if block.language not in {"console", "output"}:
            return check(block, None)
        for earlier in self.blocks[: self.blocks.index(block)]:
            if earlier not in self.typed:
                self._do(earlier)
        return self._do(block)

    def _do(self, block):
        self.typed.append(block)
        if block.language in {"console", "output"}:
            if self.path.parent == ROOT:
                block = replace(block, text=sessions_listed(block.text))
            return check(block, self.terminals)
        folder = self.recipe and self.recipe.path
        if self.is_tutorial and block.source and folder in block.source.parents:
            # The reader puts what is shown into the file of the same name.
            file = self.terminals.directory / block.source.relative_to(folder)
            with file.open("a") as end:
                end.write(f"\n{block.text}\n")
        return {}


def sessions_listed(text):
    """Ask nox whether it knows the sessions that the README starts, with their files.

    A run cannot contain itself: the README's own commands are typed by `.ci/run`.
    """

    def known(turn):
        session, _, files = turn[1].partition(" -- ")
        there = "".join(f" && ls {ROOT}/{file}" for file in files.split())
        listed = f"nox -f {ROOT}/noxfile.py --list {session}{there}"
        return f"$ ({listed}) > /dev/null && echo known\nknown"

    return re.sub(r"^\$ .*\bnox (-s .*)$", known, text, flags=re.M)


class Reading(Checked):
    """Whether Sphinx could read the page without a warning."""

    def __init__(self, *, said, **arguments):
        super().__init__(**arguments)
        self.said = said

    @property
    def where(self):
        return f"{self.path.relative_to(ROOT)}, read by Sphinx"

    def verify(self):
        assert not self.said, "\n".join(self.said)
        return {}


class Shown(Checked):
    """A block of a page."""

    def __init__(self, *, block, **arguments):
        super().__init__(**arguments)
        self.block = block

    @property
    def where(self):
        return str(self.block)

    def verify(self):
        return {"language": self.block.language} | self.parent.take(self.block)
