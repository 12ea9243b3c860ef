"""Change the code of a task under a cluster, then start a new cluster.

What the task returns before the change, after it, and in the new cluster:

>>> from cookbook.harness.trial import Q_CLUSTER, call, workspace
>>> from cookbook.troubleshooting.deploys.old_code import deploy
>>> with workspace({"Q_CLUSTER": Q_CLUSTER | {"timeout": 60}}) as project:
...     call(project, deploy)
['first release', 'first release', 'the second release']
"""

import os
import sys
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django_q.tasks import async_task, result

from cookbook.harness.trial import beside, stop


def release(name):
    """Write the module `shop_tasks`, whose only task returns this name."""
    code = f"def pack():\n    return {name!r}\n"
    Path(os.environ["WORKSPACE"], "shop_tasks.py").write_text(code)


def run_task():
    return result(async_task("shop_tasks.pack"), wait=60_000)


def change():
    answers = [run_task()]
    release("the second release")
    answers.append(run_task())
    stop()
    connection.close()  # A fork that ends would end it for both.
    call_command("qcluster")
    answers.append(run_task())
    stop()
    return answers


def deploy():
    sys.path.append(os.environ["WORKSPACE"])
    release("first release")
    return beside(change)
