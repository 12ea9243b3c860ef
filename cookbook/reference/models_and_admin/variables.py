"""Every environment variable that the code of Django-Q2 reads or sets.

Needs: prometheus-client.

>>> from cookbook.reference.models_and_admin.variables import list_variables
>>> print(list_variables())
| Variable | Read in | What it is |
| --- | --- | --- |
| `PROMETHEUS_MULTIPROC_DIR` | cluster.py | The folder of `prometheus-client` |
| `Q_CLUSTER_NAME` | conf.py, management/commands/qcluster.py | One of `ALT_CLUSTERS` |
| `prometheus_multiproc_dir` | cluster.py | The older name of the same folder |
"""

import ast
import os
from collections import defaultdict
from multiprocessing import Event, Process, Value
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock
from uuid import uuid4

import django_q
from django_q.cluster import Sentinel

from cookbook.harness.trial import table

SOURCE = Path(django_q.__file__).parent
VARIABLES = {
    "PROMETHEUS_MULTIPROC_DIR": "The folder of `prometheus-client`",
    "Q_CLUSTER_NAME": "One of `ALT_CLUSTERS`",
    "prometheus_multiproc_dir": "The older name of the same folder",
}


def variables():
    """Return the variables in os.getenv(...) and os.environ[...], with their files."""
    places = defaultdict(set)
    for file in SOURCE.rglob("*.py"):
        where = file.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(file.read_text())):
            name = None
            if isinstance(node, ast.Call) and "env" in ast.unparse(node.func):
                name = node.args[0]
            elif isinstance(node, ast.Subscript) and "env" in ast.unparse(node.value):
                name = node.slice
            if isinstance(name, ast.Constant) and not where.startswith("tests/"):
                places[name.value].add(where)
    return places


def list_variables():
    """Return the variables as a table; one that nobody has described is an error."""
    rows = {
        f"`{name}` | {', '.join(sorted(files))}": VARIABLES[name]
        for name, files in sorted(variables().items())
    }
    heads = ("Variable | Read in", "What it is")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")


def keeps_gauge(variable):
    """Let a sentinel replace a worker that has ended, with a folder in a variable.

    Is the file of the worker's live gauges still there?

    >>> from cookbook.reference.models_and_admin.variables import keeps_gauge
    >>> keeps_gauge("PROMETHEUS_MULTIPROC_DIR"), keeps_gauge("prometheus_multiproc_dir")
    (False, False)
    >>> keeps_gauge("ANOTHER")
    True
    """
    ended = Process()
    ended.start()
    ended.join()
    ended.timer = Value("f", -2)  # So a worker says that it is to be recycled.
    with TemporaryDirectory() as folder, mock.patch("signal.signal"):
        figures = Path(folder) / f"gauge_liveall_{ended.pid}.db"
        figures.touch()
        sentinel = Sentinel(Event(), Event(), uuid4(), start=False)
        sentinel.pool, sentinel.spawn_worker = [ended], mock.Mock()
        with mock.patch.dict(os.environ, {variable: folder}):
            sentinel.reincarnate(ended)
        return figures.exists()
