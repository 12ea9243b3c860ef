"""Releases of Django-Q2, each in a folder of its own, which is made once.

>>> from cookbook.evidence.what_changed_between_versions.releases import install
>>> install("1.10.0") == install("1.10.0")
True
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from cookbook.catalogue import ROOT

RELEASES = ["1.9.0", "1.10.0", "1.11.1"]
# These recipes connect a signal that the oldest release does not have.
NEWER = ("metrics", "cancel_tasks", "audit_trail")


def install(release):
    """Return a folder with this release of Django-Q2 and nothing else."""
    target = Path(os.environ["COOKBOOK_RUN"]) / "releases" / release
    with FileLock(f"{target}.lock"):
        if target.exists():
            return target
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--target", target, f"django-q2=={release}"], check=True)
    return target


def house(release):
    """Return a folder with a release and a copy of the cookbook beside it.

    Every process that has the folder on its path imports that release.
    """
    target = Path(os.environ["COOKBOOK_RUN"]) / f"house-{release}"
    if not target.exists():
        shutil.copytree(install(release), target)
        ignore = shutil.ignore_patterns("__pycache__", "_build", ".*", *NEWER)
        for name in ("cookbook", "docs"):
            shutil.copytree(ROOT / name, target / name, ignore=ignore)
        for name in ("conftest.py", "pyproject.toml"):
            shutil.copy(ROOT / name, target)
    return target
