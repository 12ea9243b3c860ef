"""Run a module's examples or tests, beside a real cluster if they need one.

What fails raises AssertionError with what its reader needs, and nothing else.
"""

import re
import subprocess
from contextlib import nullcontext
from pathlib import Path

from cookbook.catalogue import ROOT
from cookbook.harness.forks import output
from cookbook.harness.servers import processes

SESSION = Path(__file__).with_name("session.py")


def module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def run_example(module, project, clustered=True, seconds=480):
    """Run the doctest of the module named `module` and return how many examples ran.

    `project` is its cluster, not yet started. What fails is reported with the
    cluster's log and what to do.
    """
    environment, here = project.environment, project.environment["WORKSPACE"]
    command = [*project.command[:-1], SESSION, module]
    try:
        with project.start() if clustered else nullcontext():
            code, printed = output(command, environment, here, seconds)
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
    left = processes(here)
    assert not left, f"{module} left processes running: {left}"
    return int(count[1])


def run_tests(module, project):
    """Run `manage.py test` of a recipe's tests.py and return how many tests ran."""
    command = [*project.command, "test", module, "--noinput"]
    here = project.environment["WORKSPACE"]
    code, printed = output(command, project.environment, here, 300)
    count = re.search(r"^Ran (\d+) tests?", printed, re.M)
    if code or not count or not int(count[1]):
        raise AssertionError(printed)
    return int(count[1])
