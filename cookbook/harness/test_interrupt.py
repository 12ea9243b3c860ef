"""A run that is interrupted leaves no process and no file behind."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import psutil
import pytest

from cookbook.catalogue import ROOT, has_example, recipes
from cookbook.harness.servers import processes, wait_until

# Whichever recipe has a cluster will do.
MODULE = next(
    module
    for recipe in recipes()
    for module in recipe.modules
    if recipe.is_for_copying and has_example(module)
    if "Q_CLUSTER" in recipe.settings(module)
)


def lives(process):
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != "zombie"


@pytest.mark.parametrize(
    ("workers", "sent"), [("0", signal.SIGINT), ("2", signal.SIGTERM)]
)
def test_nothing_is_left(tmp_path, workers, sent):
    environment = os.environ | {"TMPDIR": str(tmp_path), "STAMPS": f"{tmp_path}/stamps"}
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-n", workers, "--on", "SQLite", MODULE],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def clusters():
        folders = list(tmp_path.glob("cookbook-*"))
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
    assert not list(tmp_path.glob("cookbook-*"))
