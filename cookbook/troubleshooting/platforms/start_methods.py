"""Run a task with the other ways in which Python starts processes, on Linux.

`forkserver` is the default of Python 3.14 on Linux, and Windows has nothing but
`spawn`. Django-Q2 asks for `fork` where there is one, so both clusters work:

>>> from cookbook.troubleshooting.platforms.start_methods import run_task
>>> run_task("forkserver"), run_task("spawn")
('4.0', '4.0')
"""

import multiprocessing
from unittest.mock import patch

from django_q.tasks import async_task, result

from cookbook.harness.trial import Q_CLUSTER, Cluster, beside, main, stop, workspace

KEYS = Q_CLUSTER | {"timeout": 60, "retry": 600}


def ask():
    answer = result(async_task("math.sqrt", 16), wait=60_000)
    stop()
    return answer


def forkserver():
    multiprocessing.set_start_method("forkserver", force=True)
    return beside(ask)


def spawn():
    multiprocessing.set_start_method("spawn", force=True)
    with patch("multiprocessing.get_all_start_methods", return_value=["spawn"]):
        return beside(ask)


def run_task(method):
    """Run a task in a cluster of a new process; return what it prints last."""
    function = {"forkserver": forkserver, "spawn": spawn}[method]
    with workspace({"Q_CLUSTER": KEYS}) as project:
        printed = Cluster(project).output(main(function))[1]
    return printed.splitlines()[-1]
