"""The whole glue: modules and pages become tests; a run leaves stamps and counts."""

import os
import signal
import time
from collections import Counter, defaultdict
from pathlib import Path

import django

from cookbook.harness import collect, servers, stamps

COOKBOOK = Path(__file__).parent / "cookbook"


def pytest_addoption(parser):
    parser.addoption(
        "--on",
        default="SQLite,PostgreSQL",
        help="the databases on which examples run (default: %(default)s)",
    )


def pytest_configure(config):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cookbook.settings")
    django.setup()
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Run(config), "run")


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".md":
        return collect.Page.from_parent(parent, path=file_path)
    if file_path.suffix == ".py" and COOKBOOK in file_path.parents:
        if not file_path.name.startswith("test_"):
            return collect.Module.from_parent(parent, path=file_path)
    return None


class Run:
    """What the one process that reports knows of a run."""

    def __init__(self, config):
        # A CI that is cancelled sends SIGTERM: clean up as on Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self.directory, self.began = servers.begin(), time.monotonic()
        self.ran, self.counts = defaultdict(dict), Counter()
        self.whole = config.args_source is config.ArgsSource.TESTPATHS

    def pytest_runtest_logreport(self, report):
        if report.when != "call":
            return
        self.counts["failed" if report.failed else "tests"] += 1
        for _, (path, key, facts) in report.user_properties:
            self.ran[path][key] = facts
            self.counts.update(collect.count(facts))

    def pytest_sessionfinish(self):
        self.counts["files"] = len(self.ran)
        self.counts["seconds"] = round(time.monotonic() - self.began)
        stamps.save(self.ran, self.counts if self.whole else {})

    def pytest_terminal_summary(self, terminalreporter):
        counted = ", ".join(f"{n} {what}" for what, n in self.counts.items())
        terminalreporter.write_sep("=", f"verified: {counted}")

    def pytest_unconfigure(self):
        servers.sweep(self.directory)
