"""error_reporter: whom a worker tells about the exception of a task.

What is in the diary after a task that failed:

>>> reported({"diary": {"path": "$WORKSPACE/diary.txt"}})
"TypeError: bad operand type for abs(): 'str'"
>>> reported({})
'nothing'

At the edges:

>>> reported({"dairy": {"path": "$WORKSPACE/diary.txt"}})
'nothing'
>>> reported({"diary": {"path": "$WORKSPACE/missing/diary.txt"}})
'the worker died'
>>> refused({"diary": {"file": "diary.txt"}})
"TypeError: Diary.__init__() got an unexpected keyword argument 'file'"

Who reads it:

>>> readers("error_reporter")
['conf.py']
"""

import os
import tomllib
from contextlib import contextmanager
from pathlib import Path

from django_q.tasks import async_task

from cookbook.harness.clusters import Cluster
from cookbook.harness.servers import wait_until, workspace
from cookbook.reference.q_cluster import (
    call,
    readers,  # noqa: F401  The session uses it.
)
from cookbook.reference.q_cluster.projects import refusal
from cookbook.reference.q_cluster.settings import Q_CLUSTER

PROJECT = Path(__file__).with_name("pyproject.toml")


def install(folder):
    """Write into a folder what `pip install` writes for the entry points."""
    project = tomllib.loads(PROJECT.read_text())["project"]
    about = folder / f"{project['name']}-{project['version']}.dist-info"
    about.mkdir()
    about.joinpath("METADATA").write_text(
        f"Name: {project['name']}\nVersion: {project['version']}\n"
    )
    lines = []
    for group, names in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {names[name]}" for name in names)]
    about.joinpath("entry_points.txt").write_text("\n".join(lines))


@contextmanager
def installed(reporter):
    """Give a cluster, not started yet, of a project with `diary` and this reporter."""
    keys = Q_CLUSTER | {"error_reporter": reporter}
    with workspace({"Q_CLUSTER": keys}) as project:
        folder = Path(project["WORKSPACE"]) / "site-packages"
        folder.mkdir()
        install(folder)
        path = os.pathsep.join([str(folder), project["PYTHONPATH"]])
        yield Cluster(project | {"PYTHONPATH": path})


def send():
    async_task(abs, "no number")


def reported(reporter):
    """Return the last line of the diary after a task has failed."""
    with installed(reporter) as cluster, cluster as running:
        diary = Path(running.environment["WORKSPACE"]) / "diary.txt"
        call(running, send)

        def ended():
            return "] ERROR Failed " in running.log or " after death" in running.log

        wait_until(ended, 60, lambda: f"the task has not ended:\n{running.log}")
        if " after death" in running.log:
            return "the worker died"
        return diary.read_text().splitlines()[-1] if diary.exists() else "nothing"


def refused(reporter):
    """Return why a cluster does not start."""
    with installed(reporter) as cluster:
        return refusal(cluster)
