"""The whole glue: modules and pages become tests; a run leaves stamps and counts."""

import os
import signal
from collections import defaultdict
from pathlib import Path

import django
import pytest

from cookbook.harness import atonce, collect, costs, servers
from cookbook.site import stamps

COOKBOOK = Path(__file__).parent / "cookbook"


def pytest_addoption(parser):
    parser.addoption(
        "--on",
        default="PostgreSQL,copy",
        help="where examples run: SQLite, PostgreSQL (where they can, else SQLite), "
        "copy (copied into another project, on SQLite); default: %(default)s",
    )
    parser.addoption(
        "--at-once",
        type=int,
        default=0,
        help="how many tests run at the same time; default: one, in this process",
    )
    parser.addoption(
        "--changed",
        action="store_true",
        help="run only what has changed since it was last verified",
    )
    parser.addoption(
        "--seconds",
        type=int,
        default=480,
        help="how long an example may take; default: %(default)s",
    )


def pytest_configure(config):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cookbook.settings")
    django.setup()
    config.pluginmanager.register(Run(), "run")
    if config.option.at_once:
        config.pluginmanager.register(atonce.AtOnce(config.option.at_once))


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".md":
        return collect.Page.from_parent(parent, path=file_path)
    mine = file_path.suffix == ".py" and COOKBOOK in file_path.parents
    if mine and not file_path.name.startswith("test_"):
        return collect.Module.from_parent(parent, path=file_path)
    return None


def pytest_collection_modifyitems(config, items):
    rules = [item for item in items if isinstance(item, pytest.Function)]
    files = {item.path: item for item in rules}
    passed = {path: collect.verified(item) for path, item in files.items()}
    passes = {item for item in rules if item.name in passed[item.path]}
    config.hook.pytest_deselected(items=passes)
    items[:] = sorted((item for item in items if item not in passes), key=collect.turn)


class Run:
    """What the one process that reports knows of a run."""

    def __init__(self):
        # A CI that is cancelled sends SIGTERM: clean up as on Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self.directory, self.records = servers.begin(), defaultdict(dict)

    def pytest_runtest_logreport(self, report):
        file, _, part = report.nodeid.partition("::")
        if report.failed:
            self.records[file][part] = None
        elif report.when == "call":
            self.records[file][part] = dict(report.user_properties).get("verified", {})

    def pytest_sessionfinish(self, session):
        if session.config.option.changed and session.exitstatus == 5:
            session.exitstatus = pytest.ExitCode.OK  # There was nothing to run.
        self.costs = costs.measured()
        self.debts = costs.debts(self.costs, *costs.rules())
        # Coverage, or imports of its own for each process, would count twice.
        strict = not {"COVERAGE_PROCESS_CONFIG", "COOKBOOK_EXEC"} & os.environ.keys()
        if strict and any(fatal for _, fatal in self.debts):
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        stamps.save(self.records, self.costs)
        for line in costs.summary(self.costs) if self.costs else ():
            terminalreporter.write_line(line)
        for sentence, fatal in self.debts:
            terminalreporter.write_line(sentence, red=fatal, yellow=not fatal)
        counted = stamps.totals(stamps.load())
        text = ", ".join(f"{count:,} {what}" for what, count in counted.items())
        terminalreporter.write_sep("=", f"verified: {text}")

    def pytest_unconfigure(self):
        servers.sweep(self.directory)
