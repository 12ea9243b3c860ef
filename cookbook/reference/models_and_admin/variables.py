"""Every environment variable that the code of Django-Q2 reads or sets.

>>> for variable, files in sorted(variables().items()):
...     print(variable, *sorted(files))
PROMETHEUS_MULTIPROC_DIR cluster.py
Q_CLUSTER_NAME conf.py management/commands/qcluster.py
prometheus_multiproc_dir cluster.py
"""

import ast
from collections import defaultdict
from pathlib import Path

import django_q

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
