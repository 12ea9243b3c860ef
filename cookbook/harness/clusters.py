"""A real `qcluster` process: start it, stop it, kill it, read its log."""

import ast
import atexit
import gc
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import get_ident

import psutil
from django.core.management import execute_from_command_line

from cookbook.harness.servers import MANAGE, ROOT, note, wait_until

# What every project imports and what is slow to import, as far as it needs no settings.
HEAVY = (
    "blessed",
    "cookbook.catalogue",
    "croniter",
    "django.contrib.admin",
    "django.core.cache.backends.filebased",
    "django.core.management.commands.check",
    "django.core.management.commands.shell",
    "django.db.backends.sqlite3.base",
    "django.template.backends.django",
    "django.test",
    "prometheus_client.multiprocess",
)
DRIVERS = ("boto3", "psycopg", "redis")  # These only where they are used.


class Cluster:
    """`manage.py qcluster` in the environment of a workspace.

    `command` is what stands before `qcluster` on the command line.
    As a context manager it is stopped cleanly at the end, or killed on an error.
    """

    def __init__(self, environment, command=(sys.executable, MANAGE)):
        self.environment = environment
        self.command = command
        self.logfile = Path(environment["WORKSPACE"]) / f"cluster-{id(self)}.log"
        self.process = None

    def start(self, *arguments):
        """Start it and return at once."""
        note("cluster")
        with self.logfile.open("w") as log:
            self.process = subprocess.Popen(
                [*self.command, "qcluster", *arguments],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def wait(self, seconds=30):
        """Wait until it works. Raises RuntimeError with its log where it does not."""
        wait_until(
            lambda: "running." in self.log or self.process.poll() is not None,
            seconds,
            lambda: f"qcluster did not start.{self.advice}",
        )
        if "running." not in self.log:
            raise RuntimeError(f"qcluster ended at once.{self.advice}")
        return self

    @property
    def log(self):
        return self.logfile.read_text()

    @property
    def advice(self):
        return (
            "\nRead its log, mend the Q_CLUSTER or the task that it names, "
            f"and run the example again:\n{self.log}"
        )

    def stop(self, seconds=30):
        """Send SIGTERM to the main process only, as a process manager should.

        Raises TimeoutError with the log if it does not end in `seconds`.
        """
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        wait_until(
            lambda: self.process.poll() is not None,
            seconds,
            lambda: f"qcluster did not stop.{self.advice}",
        )
        return self.process.returncode

    def kill(self):
        """Send SIGKILL to every process of the cluster, as a power cut would."""
        with suppress(ProcessLookupError):  # It may be dead already.
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        wait_until(
            lambda: not members(self.process.pid),
            30,
            lambda: f"still alive after SIGKILL: {members(self.process.pid)}",
        )

    def __enter__(self):
        if not self.process:
            self.start().wait()
        return self

    def __exit__(self, error, *_):
        self.kill() if error else self.stop()


def members(group):
    """Return the living processes of a process group."""
    found = []
    for process in psutil.process_iter():
        with suppress(OSError, psutil.Error):  # It has just ended.
            if os.getpgid(process.pid) == group and process.status() != "zombie":
                found.append(process)
    return found


def shell(environment, code, log=None):
    """Run Python in `manage.py shell` of a workspace and return what it prints.

    The process is a fork of one that has imported Django and nothing of a project.
    `log` is the file for its errors.
    """
    forker, output = _forker(get_ident()), Path(environment["WORKSPACE"]) / "printed"
    output = output.with_suffix(f".{get_ident()}")
    files = [os.devnull, str(output), *([str(log)] if log else [])]
    print(repr((dict(environment), files, code)), file=forker.stdin, flush=True)
    if status := int(forker.stdout.readline()):
        raise subprocess.CalledProcessError(status, "manage.py shell")
    return output.read_text().strip()


@cache
def _forker(thread):
    """Start the process whose forks run the code of a thread; it ends with this one."""
    # Without this variable no import can read the settings before it is forked.
    plain = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    heavy = [*HEAVY, *(driver for driver in DRIVERS if driver in sys.modules)]
    forker = subprocess.Popen(
        [sys.executable, "-c", f"from {__name__} import *; fork_each({heavy})"],
        env=plain | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(forker.communicate)
    return forker


def fork_each(heavy):
    """Run every code that comes in, in a fork of its own; report how it ended."""
    for module in heavy:
        import_module(module)
    gc.freeze()  # Else each fork copies all of it when it cleans up at its end.
    for line in sys.stdin:
        environment, files, code = ast.literal_eval(line)
        if (child := os.fork()) == 0:
            for number, file in enumerate(files):
                os.dup2(os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
            os.environ.clear()
            os.environ.update(environment)
            sys.path[:0] = environment["PYTHONPATH"].split(os.pathsep)
            command = ["manage.py", "shell", "--no-imports", "--command", code]
            execute_from_command_line(command)
            break
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
