"""Start four clusters from one settings file, and see which of them takes what.

Needs: django-prodserver.

>>> from cookbook.deploy.several_clusters import serve
>>> seen = serve()

Which cluster ran which task, and in which order they ended does not matter here:

>>> seen["ran"]
{'copy': 'high', 'count': 'short', 'news': 'low', 'receipt': 'high', 'report': 'long'}

What was done while the report still ran:

>>> seen["meanwhile"]
['copy', 'count', 'news', 'receipt']

How many workers each cluster started:

>>> seen["workers"]
{'low': 1, 'high': 2, 'short': 1, 'long': 1}

What nobody took, by queue, and who ran it when its queue was set right:

>>> seen["left"]
{'hihg': 1}
>>> seen["rescued"]
{'lost': 'high'}
"""

import ast
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from django_q.models import OrmQ, Success

from cookbook.harness.trial import Cluster, shell, wait_until, workspace

from .settings import PRODUCTION_PROCESSES, Q_CLUSTER

MANAGE = "from django.core.management import execute_from_command_line as manage"


def ran(number):
    """Wait until so many tasks have ended; return the cluster of each."""
    done = Success.objects.values_list("name", "cluster").order_by("name")
    wait_until(lambda: done.count() == number, 90, lambda: f"only {list(done)} ended")
    return dict(done)


def left():
    """Return how many tasks wait in each queue."""
    return dict(Counter(OrmQ.objects.values_list("key", flat=True)))


def rescue():
    """Give the tasks of a misspelt queue to the right one; return what became of it."""
    before = set(Success.objects.values_list("name", flat=True))
    OrmQ.objects.filter(key="hihg").update(key="high")
    after = ran(len(before) + 1)
    return {name: after[name] for name in after.keys() - before}


def serve():
    """Start `manage.py worker NAME` for every process, and let them work."""
    settings = {"Q_CLUSTER": Q_CLUSTER, "PRODUCTION_PROCESSES": PRODUCTION_PROCESSES}
    with workspace(settings) as project, ExitStack() as stack:

        def ask(call):
            code = f"from {__package__} import *; from {__package__}.tasks import *; "
            return ast.literal_eval(shell(project, f"{code}print(repr({call}))"))

        ask("place_order()")
        clusters = {}
        for name in PRODUCTION_PROCESSES:
            code = f"{MANAGE}; manage(['manage.py', 'worker', '{name}'])"
            command = [sys.executable, "-c", code]
            clusters[name] = stack.enter_context(Cluster(project, command).start())
        meanwhile = sorted(ask("ran(4)"))
        (Path(project["WORKSPACE"]) / "others").touch()
        return {
            "meanwhile": meanwhile,
            "ran": ask("ran(5)"),
            "left": ask("left()"),
            "rescued": ask("rescue()"),
            "workers": {n: c.log.count("ready for work") for n, c in clusters.items()},
        }
