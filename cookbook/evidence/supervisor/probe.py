"""Run the line of the crontab: without a cluster, beside one, without a database.

>>> from cookbook.evidence.supervisor.probe import look
>>> look()
no cluster: supervisorctl restart worker
cluster runs: nothing
its database is away: nothing
"""

import os
import subprocess
import sys
from pathlib import Path

from cookbook.catalogue import find
from cookbook.harness import trial

CRONTAB = (find("deploy/supervisor").path / "crontab").read_text()
SETTINGS = {
    "Q_CLUSTER": trial.Q_CLUSTER,
    "INSTALLED_APPS": ["cookbook.recipes.qhealth"],
}
AWAY = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}


def look():
    """Print what the line calls; `supervisorctl` only says that it was called."""
    with trial.workspace(SETTINGS) as environment:
        folder = Path(environment["WORKSPACE"])
        (folder / "manage.py").symlink_to(trial.MANAGE)
        (folder / "venv/bin").mkdir(parents=True)
        path = f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        (folder / "venv/bin/activate").write_text(f"PATH={path}")
        (folder / "supervisorctl").write_text("#!/bin/sh\necho supervisorctl $*\n")
        (folder / "supervisorctl").chmod(0o755)
        line = CRONTAB.split(None, 5)[5].replace("/srv/shop", str(folder))
        say("no cluster", line, environment)
        with trial.Cluster(environment):
            say("cluster runs", line, environment)
            say("its database is away", line, environment | AWAY)


def say(when, line, environment):
    process = subprocess.run(["sh", "-c", line], env=environment, stdout=-1, text=True)
    print(f"{when}: {process.stdout.strip() or 'nothing'}")
