"""Stop a NamedWorker by a signal to its group, after one of its workers has hung.

One worker. Its first task hangs where no timeout reaches it. Its second task sends
SIGTERM to the whole process group and finishes half a second later:

>>> from cookbook.evidence.named_worker import stop_by_a_task
>>> stop_by_a_task()
{'exit code': 0, 'hung worker': 'reincarnated', 'results': ['finished']}
"""

import os
import re
import signal
import sys
import time

from django.db import connections
from django_q.models import Success
from django_q.tasks import async_task

from cookbook.backend.named_worker.settings import PRODUCTION_PROCESSES
from cookbook.harness.trial import MANAGE, Process, call, workspace

Q_CLUSTER = {"name": "shop", "orm": "default", "timeout": 30, "retry": 120}
Q_CLUSTER |= {"ALT_CLUSTERS": {"priority": {"workers": 1, "queue_limit": 1}}}


def stop_group():
    """Send SIGTERM to every process of the cluster, and finish a little later."""
    os.killpg(os.getpgrp(), signal.SIGTERM)
    time.sleep(0.5)
    return "finished"


def hang():
    """Hang where no timeout reaches, like a call of a C library."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(3600)


def enqueue():
    async_task(hang, timeout=1, cluster="priority")
    async_task(stop_group, cluster="priority")
    connections.close_all()


def results():
    return [success.result for success in Success.objects.all()]


def stop_by_a_task():
    """Return how a cluster ended whose task signals its whole group."""
    settings = {"Q_CLUSTER": Q_CLUSTER, "PRODUCTION_PROCESSES": PRODUCTION_PROCESSES}
    with workspace(settings) as project:
        cluster = Process(project, [sys.executable])
        call(cluster, enqueue)
        cluster.start(MANAGE, "worker", "priority")
        return {
            "exit code": cluster.process.wait(90),
            "hung worker": re.search("reincarnated|$", cluster.log)[0],
            "results": call(cluster, results),
        }
