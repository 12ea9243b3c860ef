"""The whole glue: modules and pages become tests; a run leaves stamps and counts."""

import os
import signal
from collections import defaultdict
from pathlib import Path

import django
from xdist.scheduler import LoadScopeScheduling

from cookbook.harness import collect, servers
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
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Run(), "run")


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".md":
        return collect.Page.from_parent(parent, path=file_path)
    mine = file_path.suffix == ".py" and COOKBOOK in file_path.parents
    if mine and not file_path.name.startswith("test_"):
        return collect.Module.from_parent(parent, path=file_path)
    return None


def pytest_collection_modifyitems(items):
    items.sort(key=collect.turn)


def pytest_xdist_make_scheduler(config, log):
    return PagesWhole(config, log)


class PagesWhole(LoadScopeScheduling):
    """The blocks of a page run in order in one process, everything else anywhere."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return file if file.endswith(".md") else nodeid


class Run:
    """What the one process that reports knows of a run."""

    def __init__(self):
        # A CI that is cancelled sends SIGTERM: clean up as on Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self.directory, self.ran = servers.begin(), defaultdict(dict)

    def pytest_runtest_logreport(self, report):
        file, _, part = report.nodeid.partition("::")
        if report.failed:
            self.ran[file][part] = None
        for _, facts in report.user_properties if report.when == "call" else ():
            self.ran[file][part] = facts

    def pytest_terminal_summary(self, terminalreporter):
        stamps.save(self.ran)
        counted = stamps.totals(stamps.load())
        text = ", ".join(f"{count:,} {what}" for what, count in counted.items())
        terminalreporter.write_sep("=", f"verified: {text}")

    def pytest_unconfigure(self):
        servers.sweep(self.directory)
