"""Every environment variable that the code of Django-Q2 reads or sets.

Needs: prometheus-client.

>>> from cookbook.reference.models_and_admin.variables import kept, variables
>>> for variable, files in sorted(variables().items()):
...     print(variable, *sorted(files))
PROMETHEUS_MULTIPROC_DIR cluster.py
Q_CLUSTER_NAME conf.py management/commands/qcluster.py
prometheus_multiproc_dir cluster.py

Is the file that prometheus_client keeps for a worker there after the sentinel has
replaced that worker?

>>> kept("PROMETHEUS_MULTIPROC_DIR"), kept("prometheus_multiproc_dir"), kept("ANOTHER")
(False, False, True)
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

SOURCE = Path(django_q.__file__).parent


def variables():
    """Return the variables in os.getenv(...) and os.environ[...], with their files."""
    found = defaultdict(set)
    for file in SOURCE.rglob("*.py"):
        where = file.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(file.read_text())):
            name = None
            if isinstance(node, ast.Call) and "env" in ast.unparse(node.func):
                name = node.args[0]
            elif isinstance(node, ast.Subscript) and "env" in ast.unparse(node.value):
                name = node.slice
            if isinstance(name, ast.Constant) and not where.startswith("tests/"):
                found[name.value].add(where)
    return found


def kept(variable):
    """Let a sentinel replace a worker that has ended, with a folder in a variable."""
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
