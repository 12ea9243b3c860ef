"""Run a module's examples or tests, beside a real cluster if they need one."""

import re
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryFile

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
        process = start(command, environment, cwd, files)
        try:
            code = process.wait(seconds)
        finally:
            process.send_signal(signal.SIGKILL)
        file.seek(0)
        return code, file.read()


def run_tests(module, environment, python=(sys.executable,), manage=MANAGE):
    """Run `manage.py test` of a recipe's tests.py and return how many tests ran.

    Raises ExampleFailed with what Django printed.
    """
    command = [*python, manage, "test", module, "--noinput"]
    code, printed = output(command, environment, environment["WORKSPACE"], 300)
    ran = re.search(r"^Ran (\d+) tests?", printed, re.M)
    if code or not ran or not int(ran[1]):
        raise ExampleFailed(printed)
    return int(ran[1])
