"""error_reporter: what a worker calls when a task has raised an exception.

A task fails. What does the reporter `diary` report?

>>> from cookbook.reference.q_cluster_names_and_schedules.error_reporter import edges
>>> print(edges())
| Value | What happens |
| --- | --- |
| `diary`, with a `path` | `TypeError: bad operand type for abs(): 'str'` |
| `{}` | Nothing |
| `None` | Nothing |
| `dairy`, which nobody registers | Nothing |
| `diary`, but its `report` fails | The worker dies with the task; no result is stored |
| Other keys | `TypeError: Diary.__init__() got an unexpected keyword argument 'file'` |
"""

import os
import tomllib
from contextlib import contextmanager
from pathlib import Path

from django_q.tasks import async_task

from cookbook.harness.trial import (
    Q_CLUSTER,
    beside,
    logged,
    own_log,
    refusal,
    stop,
    table,
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
def install_with(reporter):
    """Give the environment of a project that has `diary` and uses this reporter."""
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


def report(reporter):
    """Return the last line of the diary after a task has failed."""
    with install_with(reporter) as project:
        diary = Path(project["WORKSPACE"]) / "diary.txt"
        if " after death" in logged(project, beside, send):
            return "The worker dies with the task; no result is stored"
        return diary.read_text().splitlines()[-1] if diary.exists() else "Nothing"


def refuse(reporter):
    """Return why a cluster does not start."""
    with install_with(reporter) as project:
        return refusal(project)


def edges():
    path, missing = "$WORKSPACE/diary.txt", "$WORKSPACE/missing/diary.txt"
    return table({
        "`diary`, with a `path`": f"`{report({'diary': {'path': path}})}`",
        "`{}`": report({}),
        "`None`": report(None),
        "`dairy`, which nobody registers": report({"dairy": {"path": path}}),
        "`diary`, but its `report` fails": report({"diary": {"path": missing}}),
        "Other keys": f"`{refuse({'diary': {'file': path}})}`",
    })  # fmt: skip
