"""A real `qcluster` process, and what runs beside it: a shell, examples, tests."""

import os
import re
import signal
import subprocess
import sys
from contextlib import nullcontext, suppress
from pathlib import Path

from cookbook.harness.forks import output, start
from cookbook.harness.servers import MANAGE, members, note, processes, wait_until

SESSION = Path(__file__).with_name("session.py")
COMMAND = (sys.executable, MANAGE)


class Cluster:
    """`manage.py qcluster` in the environment of a workspace.

    `command` is what stands before `qcluster` on the command line.
    As a context manager it is stopped cleanly at the end, or killed on an error.
    """

    def __init__(self, environment, command=COMMAND):
        self.environment = environment
        self.command = command
        self.logfile = Path(environment["WORKSPACE"]) / f"cluster-{id(self)}.log"
        self.process = None

    def start(self, *arguments):
        """Start it and return at once."""
        note("cluster")
        return self._start("qcluster", *arguments)

    def _start(self, *arguments):
        with self.logfile.open("w") as log:
            self.process = start(
                [*self.command, *arguments],
                self.environment,
                self.environment["WORKSPACE"],
                files=[0, log.fileno(), log.fileno()],
            )
        return self

    def manage(self, *arguments):
        """Run another command. Raises AssertionError with what it printed."""
        code, printed = self.output([*self.command, *arguments])
        assert not code, f"manage.py {' '.join(arguments)}:\n{printed}"

    def output(self, command, seconds=None):
        return output(command, self.environment, self.environment["WORKSPACE"], seconds)

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
            "\nRead its log, fix the Q_CLUSTER or the task that it names, "
            f"and run the example again:\n{self.log}"
        )

    def stop(self, seconds=30):
        """Send SIGTERM to the main process only, as a process manager should.

        Raises TimeoutError with the log if it does not end in `seconds`.
        """
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


class Process(Cluster):
    """Any `manage.py` process that logs, started and stopped like a cluster."""

    def start(self, manage, *arguments):
        if arguments[0] != "server":
            note("cluster")
        return self._start(manage, *arguments)


def shell(environment, code, log=False):
    """Run Python in `manage.py shell` of a workspace and return what it prints.

    With `log` its errors go to a file. Raises CalledProcessError where it fails.
    """
    command = [*COMMAND, "shell", "--no-imports", "--command", code]
    with Path(environment["WORKSPACE"], "log" if log else os.devnull).open("w") as out:
        file = out.fileno() if log else 2
        status, printed = output(command, environment, errors=file)
    if status:
        raise subprocess.CalledProcessError(status, "manage.py shell")
    return printed.strip()


def run_example(module, project, clustered=True, seconds=480):
    """Run the doctest of the module named `module` and return how many examples ran.

    `project` is its cluster, not yet started. Raises AssertionError with the report,
    the cluster's log and what to do.
    """
    session = [*project.command[:-1], SESSION, module]
    try:
        with project.start() if clustered else nullcontext():
            code, printed = project.output(session, seconds)
            log = project.wait().advice if clustered else ""
            count = re.search(r"^(\d+) examples$", printed, re.M)
            if code or not count:
                raise AssertionError(f"{printed}{log}")
    except subprocess.TimeoutExpired:
        raise AssertionError(
            f"{module} did not finish within {seconds} s: a task never ended, or no "
            f"cluster serves its queue.{project.advice if clustered else ''}"
        ) from None
    except (RuntimeError, TimeoutError) as error:
        raise AssertionError(str(error)) from None
    assert int(count[1]), (
        f"{module} has no doctest; add one to its docstring that shows it work"
    )
    rest = processes(project.environment["WORKSPACE"])
    assert not rest, f"{module} left processes running: {rest}"
    return int(count[1])


def run_tests(module, project):
    """Run `manage.py test` of a recipe's tests.py and return how many tests ran."""
    code, printed = project.output([*project.command, "test", module, "--noinput"], 300)
    count = re.search(r"^Ran ([1-9]\d*) tests?", printed, re.M)
    assert (bool(count), code) == (True, 0), printed
    return int(count[1])
