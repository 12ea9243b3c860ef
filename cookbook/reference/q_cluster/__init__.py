"""The keys of Q_CLUSTER: what each one does, and what you see when you change it.

A module of this folder has the name of the key that it shows.
Django-Q2 reads these keys too, and the page does not cover them yet:

>>> print(textwrap.fill(", ".join(missing()), 72))
ack_failures, ALT_CLUSTERS, broker_class, bulk, cache, cached, catch_up,
cluster_name, compress, cpu_affinity, daemonize_workers, django_redis,
error_reporter, guard_cycle, iron_mq, label, log_level, max_attempts,
max_rss, mongo, mongo_db, name, orm, poll, recycle, redis,
save_limit_per, scheduler, sqs, sync, testing, time_zone, timeout,
workers
"""

import ast
import re
import textwrap  # noqa: F401  The session above uses it.
from contextlib import contextmanager
from pathlib import Path

import django_q

from cookbook.harness import upstream
from cookbook.harness.clusters import Cluster, shell
from cookbook.harness.servers import wait_until, workspace

from .settings import Q_CLUSTER

DJANGO_Q = Path(django_q.__file__).parent
REFERENCE = Path(__file__).parents[1]


def missing():
    """Return the keys that Django-Q2 reads and that have no module in q_cluster*/."""
    shown = {module.stem for module in REFERENCE.glob("q_cluster*/*.py")}
    keys = (key for key in upstream.settings() if key.lower() not in shown)
    return sorted(keys, key=str.lower)


def readers(key):
    """Return the modules of Django-Q2 that use the value of a key."""
    use = f"Conf.{upstream.settings()[key].attribute}"
    return [
        module.relative_to(DJANGO_Q).as_posix()
        for module in sorted(DJANGO_Q.rglob("*.py"))
        if "tests" not in module.relative_to(DJANGO_Q).parts
        and use in map(ast.unparse, ast.walk(ast.parse(module.read_text())))
    ]


@contextmanager
def cluster(on, **changes):
    """Give a running cluster in a new project, with these keys of Q_CLUSTER changed."""
    changed = {"Q_CLUSTER": Q_CLUSTER | changes}
    with workspace(changed, on) as project, Cluster(project) as running:
        yield running


def call(running, function, *arguments):
    """Call a function in the project of a cluster and return what it returns."""
    name, module = function.__name__, function.__module__
    code = f"from {module} import {name}; print(repr({name}(*{arguments})))"
    return ast.literal_eval(shell(running.environment, code))


def complaint(**changes):
    """Return the first error that a cluster logs when it starts and a task waits."""
    task = "from django_q.tasks import async_task; async_task('builtins.print')"
    changed = {"Q_CLUSTER": Q_CLUSTER | changes}
    with workspace({"Q_CLUSTER": Q_CLUSTER}) as project:
        shell(project, task)
        started = Cluster(project | {"RECIPE_SETTINGS": repr(changed)}).start()

        def error():
            return re.search(r"^\w+Error: .+(?=\n)", started.log, re.M)

        try:
            return wait_until(error, 30, lambda: f"no error:\n{started.log}")[0]
        finally:
            started.kill()
