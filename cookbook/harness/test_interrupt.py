"""A run that is interrupted leaves no process and no file behind."""

import os
import signal
import subprocess
import sys

import pytest

from cookbook.harness.servers import ROOT, processes, wait_until
from cookbook.harness.test_copies import COPIES

# Whichever recipe has a cluster will do.
CLUSTERED = next(
    module
    for recipe, module in COPIES.values()
    if "Q_CLUSTER" in recipe.settings(module)
)


@pytest.mark.parametrize(
    ("workers", "sent"), [("0", signal.SIGINT), ("2", signal.SIGTERM)]
)
def test_nothing_is_left(tmp_path, workers, sent):
    environment = os.environ | {"TMPDIR": str(tmp_path), "STAMPS": f"{tmp_path}/stamps"}
    run = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            workers,
            "--on",
            "SQLite",
            CLUSTERED,
        ],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def clusters():
        folders = list(tmp_path.glob("cookbook-*"))
        return folders and [
            process
            for process in processes(folders[0])
            if "qcluster" in process.cmdline()
        ]

    def said():
        return f"pytest ended with {run.poll()} and {list(tmp_path.iterdir())}"

    begun = wait_until(clusters, 60, said)
    os.killpg(run.pid, sent)
    wait_until(lambda: run.poll() is not None, 60, said)
    assert not [p for p in begun if p.is_running() and p.status() != "zombie"]
    assert not list(tmp_path.glob("cookbook-*"))
