"""A project of its own for each experiment, which sees only the packages it names."""

import os
import re
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from django.core.management import call_command

from cookbook.harness.clusters import Process
from cookbook.harness.copies import lay_library
from cookbook.harness.forks import output
from cookbook.harness.servers import workspace

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
