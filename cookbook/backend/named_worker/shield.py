"""Let a SIGTERM to the whole group stop the cluster as one to its main process does.

A worker that hangs, and afterwards a task that sends SIGTERM to its own group:

>>> import sys
>>> from django_q.tasks import async_task, result
>>> from subprocess import Popen
>>> from cookbook.backend.named_worker.tasks import hang, stop_group
>>> code = f"import django; django.setup(); from {__package__} import workers; "
>>> code += "workers.NamedWorker().start_server('--name=priority')"
>>> hung = async_task(hang, timeout=1, cluster="priority")
>>> last = async_task(stop_group, cluster="priority")
>>> cluster = Popen([sys.executable, "-c", code], start_new_session=True)

The sentinel replaces the worker that hangs, the task finishes, the cluster ends:

>>> result(last, wait=90_000)
'finished'
>>> cluster.wait(90)
0
"""

import os
import signal
from threading import Thread

from django_q.signals import post_spawn

TERM = {signal.SIGTERM}


def shield_children():
    """Start every child of this process with SIGTERM blocked, and theirs too."""
    masks = []
    os.register_at_fork(
        before=lambda: masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, TERM)),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, masks.pop()),
    )
    post_spawn.connect(listen)


def listen(**kwargs):
    """Begin to listen, in a worker, for the sentinel that started it."""
    Thread(target=obey, args=[os.getppid()], daemon=True).start()


def obey(sentinel):
    """End this worker if its sentinel sends SIGTERM; overlook anybody else's."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while signal.sigwaitinfo(TERM).si_pid != sentinel:
        pass
    os._exit(1)
