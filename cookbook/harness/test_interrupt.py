"""A run that is interrupted leaves no process and no file behind."""

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
    ("workers", "sent", "database"),
    [("0", signal.SIGINT, "PostgreSQL"), ("2", signal.SIGTERM, "SQLite")],
)
def test_nothing_is_left(workers, sent, database):
    # The address of PostgreSQL's socket must not become too long.
    folder = Path(tempfile.mkdtemp(dir=os.environ["COOKBOOK_RUN"]))
    environment = os.environ | {"TMPDIR": str(folder), "STAMPS": f"{folder}/stamps"}
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-n", workers, "--on", database, MODULE],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def clusters():
        folders = list(folder.glob("cookbook-*"))
        with suppress(psutil.NoSuchProcess):  # It has ended; look again.
            return folders and [
                process
                for process in processes(folders[0])
                if "qcluster" in process.cmdline()
            ]

    begun = wait_until(clusters, 60, lambda: f"no cluster, and pytest: {run.poll()}")
    os.killpg(run.pid, sent)
    run.wait(60)
    assert not [process for process in begun if lives(process)]
    assert not list(folder.glob("cookbook-*"))
