"""One run: start a worker under a profile, give it work, look at its processes."""

import ast
import random
import re
import signal
import statistics
import time

import psutil
from django.core.management import execute_from_command_line
from django.db import connections, transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task, result

from cookbook.harness.trial import Cluster, main, wait_until, workspace

from .keys import PROFILES

PROCESSES = {
    "worker": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    }
}
# Time in seconds with its fractions, which Django-Q2's own handler leaves out.
LOGGING = {
    "version": 1,
    "formatters": {"timed": {"format": "%(created)f %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "timed"}},
    "loggers": {"django-q": {"handlers": ["stderr"], "level": "INFO"}},
}
LEAK = []


def run(profile, database, tasks, *numbers):
    """Return what one start under a profile gave."""
    q_cluster, age = PROFILES[profile]
    settings = {
        "Q_CLUSTER": q_cluster,
        "DATABASES": {"default": {"CONN_MAX_AGE": age}},
        "LOGGING": LOGGING,
        "PRODUCTION_PROCESSES": PROCESSES,
    }
    with workspace(settings, database) as project:
        cluster = Cluster(project, ["env", *main(work, tasks, *numbers)]).start()
        wait_until(
            lambda: cluster.process.poll() is not None,
            400,
            lambda: f"it did not end.{cluster.advice}",
        )
        began = re.search(r"^(\S+) .* processing ", cluster.log, re.M)[1]
        ended = re.findall(r"^(\S+) Processed ", cluster.log, re.M)[tasks - 1]
        figures = ast.literal_eval(re.search(r"^{.+}$", cluster.log, re.M)[0])
        return figures | {"tasks/s": tasks / (float(ended) - float(began))}


def work(tasks, sends, leaks):
    """Start the worker with tasks in its queue; measure its processes, and print it."""
    last = enqueue(tasks)
    execute_from_command_line(["manage.py", "worker", "worker"])
    before = cpu()
    broker = get_broker()
    wait_until(
        lambda: not broker.queue_size() and result(last),
        240,
        lambda: f"{broker.queue_size()} left",
    )
    figures = {"CPU": (cpu() - before) / tasks}
    figures |= {"ms": statistics.median(delay() for _ in range(sends))}
    figures |= {"processes": len(tree()), "MB": megabytes()}
    for call in [leak] * leaks + [nothing] * leaks:
        result(async_task(call), wait=60_000)
    print(figures | {"MB after leaks": megabytes()})
    signal.raise_signal(signal.SIGTERM)


def enqueue(tasks):
    """Send tasks, and return the last of them."""
    with transaction.atomic():  # Else every task is a connection of its own.
        ids = [async_task(nothing) for _ in range(tasks)]
    connections.close_all()  # The cluster is started by the same process.
    return ids[-1]


def nothing():
    """Take no time, and return when it was."""
    return time.time()


def leak():
    """Keep 60 MB for as long as the worker lives."""
    LEAK.append(b"x" * 60_000_000)
    return len(LEAK)  # `result` would wait on for something else than None.


def delay():
    """Send a task to an idle cluster; return the milliseconds until it began."""
    time.sleep(random.uniform(0, 0.3))  # Not in step with the broker's poll.
    start = time.time()
    return (result(async_task(nothing), wait=60_000) - start) * 1000


def tree():
    """Return the processes of the cluster whose main process this is."""
    return [psutil.Process(), *psutil.Process().children(recursive=True)]


def megabytes():
    """Return the memory of the cluster; what its processes share counts once (PSS)."""
    return sum(process.memory_full_info().pss for process in tree()) / 1e6


def cpu():
    """Return the milliseconds that the children of this process have computed."""
    spent = [sum(child.cpu_times()[:4]) for child in tree()[1:]]
    return sum(spent) * 1000
