"""A run that is interrupted or killed leaves no process and no file behind."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from cookbook.catalogue import ROOT, has_example, recipes
from cookbook.harness.servers import processes, wait_until

# Whichever recipe has a cluster and runs on both databases will do.
MODULE = next(
    module
    for recipe in recipes()
    for module in recipe.modules
    if recipe.is_for_copying and has_example(module)
    if "Q_CLUSTER" in recipe.settings(module)
    if "PostgreSQL" in recipe.databases(module)
)


def lives(process):
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != "zombie"


@pytest.mark.parametrize(
    ("most", "number", "database", "to"),
    [
        ("0", signal.SIGINT, "PostgreSQL", os.killpg),
        ("2", signal.SIGINT, "PostgreSQL", os.killpg),
        ("2", signal.SIGTERM, "SQLite", os.kill),
        ("0", signal.SIGKILL, "SQLite", os.kill),
        ("2", signal.SIGKILL, "PostgreSQL", os.kill),
    ],
)
def test_nothing_is_left(most, number, database, to):
    # The address of PostgreSQL's socket must not become too long.
    folder = Path(tempfile.mkdtemp(dir=os.environ["COOKBOOK_RUN"]))
    run = begin(folder, "--at-once", most, "--on", database, MODULE)
    begun = wait_until(
        lambda: clustered(inside(folder)),
        60,
        lambda: f"no cluster, and pytest: {run.poll()}",
    )
    to(run.pid, number)
    run.wait(60)
    # Whoever is not there to clean up is seen to be gone within seconds.
    wait_until(
        lambda: not [*folder.glob("cookbook-*"), *filter(lives, begun)],
        20,
        lambda: f"left: {[*folder.glob('cookbook-*'), *filter(lives, begun)]}",
    )


def clustered(family):
    """Return processes if there is a cluster among them."""
    for process in family:
        with suppress(psutil.NoSuchProcess):  # It has just ended.
            if "qcluster" in process.cmdline():
                return family
    return []


def begin(folder, *arguments, **environment):
    """Start a run of its own in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", *arguments],
        cwd=ROOT,
        env=os.environ
        | {"TMPDIR": str(folder), "STAMPS": f"{folder}/stamps"}
        | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def inside(folder):
    """Return the processes of the run in a folder, PostgreSQL's too."""
    family = []
    for run in folder.glob("cookbook-*"):
        family += processes(run)
        with suppress(OSError, IndexError, ValueError, psutil.NoSuchProcess):
            first = (run / "postgresql/postmaster.pid").read_text().split()[0]
            server = psutil.Process(int(first))
            family += [server, *server.children()]
    return family


def test_the_next_run_sweeps():
    """Where nothing was forked, nobody sees that a run was killed, but the next one."""
    folder = Path(tempfile.mkdtemp(dir=os.environ["COOKBOOK_RUN"]))
    run = begin(folder, "--on", "SQLite", MODULE, COOKBOOK_EXEC="1")
    wait_until(lambda: inside(folder), 60, lambda: f"nothing began: {run.poll()}")
    begun = inside(folder)
    run.kill()
    run.wait()
    assert begin(folder, "--collect-only", MODULE).wait(60) == 0
    assert not [process for process in begun if lives(process)]
    assert not list(folder.glob("cookbook-*"))


def test_a_run_does_not_sweep_a_living_one():
    folder = Path(tempfile.mkdtemp(dir=os.environ["COOKBOOK_RUN"]))
    run = begin(folder, "--on", "SQLite", MODULE)
    wait_until(lambda: inside(folder), 60, lambda: f"nothing began: {run.poll()}")
    assert begin(folder, "--collect-only", MODULE).wait(60) == 0
    assert run.wait(60) == 0
