"""error_reporter: whom a worker tells about the exception of a task.

What is in the diary after a task that failed:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_names_and_schedules.error_reporter import (
...     refused, reported,
... )
>>> reported({"diary": {"path": "$WORKSPACE/diary.txt"}})
"TypeError: bad operand type for abs(): 'str'"
>>> reported({})
'nothing'

At the edges:

>>> reported(None)
'nothing'
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

from cookbook.harness.trial import (
    Q_CLUSTER,
    logged,
    own_log,
    refusal,
    stop,
    wait_until,
    workspace,
)

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
    """Give the environment of a project with `diary` and this reporter."""
    keys = Q_CLUSTER | {"error_reporter": reporter}
    with workspace({"Q_CLUSTER": keys}) as project:
        folder = Path(project["WORKSPACE"]) / "site-packages"
        folder.mkdir()
        install(folder)
        path = os.pathsep.join([str(folder), project["PYTHONPATH"]])
        yield project | {"PYTHONPATH": path}


def send():
    """Send a task that fails and wait until it has ended."""
    async_task(abs, "no number")
    ends = ("] ERROR Failed ", " after death")
    wait_until(lambda: any(end in own_log() for end in ends), 60, own_log)
    stop()


def reported(reporter):
    """Return the last line of the diary after a task has failed."""
    code = f"from {__name__} import send; beside(send)"
    with installed(reporter) as project:
        diary = Path(project["WORKSPACE"]) / "diary.txt"
        if " after death" in logged(project, code):
            return "the worker died"
        return diary.read_text().splitlines()[-1] if diary.exists() else "nothing"


def refused(reporter):
    """Return why a cluster does not start."""
    with installed(reporter) as project:
        return refusal(project)
