"""Run tasks, and see which process calls what.

>>> from cookbook.reference.hooks_and_signals.experiment import (
...     NAMES, enqueued_by, everything, keeps_spawning, table,
... )
>>> print(*NAMES)
post_spawn pre_enqueue pre_execute post_execute post_execute_in_worker
>>> steps, failing, calls, again, log = everything()
>>> print(*(f"{n:23}{process:8}{sender:9}{a}" for n, process, sender, a in steps),
...     sep="\\n")
post_spawn             worker  django_q proc_name
pre_enqueue            client  django_q task
pre_execute            worker  django_q func task
work                   worker  -        -
post_execute_in_worker worker  django_q func task
post_execute           monitor django_q task

Which processes enqueue the first and the second task of a chain, and a scheduled one:

>>> enqueued_by()
['client', 'monitor', 'sentinel']

A receiver that raises an error:

>>> print(table(failing))
                       it ran  result  in the queue  the next runs
pre_enqueue            False   False   False         True
pre_execute            False   False   True          True
post_execute           True    True    False         True
post_execute_in_worker True    False   True          True
>>> log.count("reincarnated worker"), log.count("reincarnated monitor")
(2, 1)

Where the hook was called:

>>> for name, processes in calls.items():
...     print(f"{name:13}{' '.join(processes) or '-'}")
success      monitor
failure      monitor
unsaved      -
cached       -
sync         client
bad hook     monitor
bad path     -
sync failure -
>>> again
['client', 'monitor']
>>> "failed on [bad hook] because the hook failed" in log
True
>>> "malformed return hook 'shop.hooks.done' for [bad path]" in log
True

A receiver of post_spawn that fails ends every worker, and each is replaced:

>>> keeps_spawning()
True
"""

from django.dispatch import Signal
from django_q import signals

from cookbook.harness.trial import Cluster, call, note, wait_until, workspace

from . import client
from .settings import INSTALLED_APPS, Q_CLUSTER

SETTINGS = {"Q_CLUSTER": Q_CLUSTER, "INSTALLED_APPS": INSTALLED_APPS}
NAMES = [name for name, value in vars(signals).items() if type(value) is Signal]


def everything():
    """Run every example beside one cluster; return what they tell, and its log."""
    with workspace(SETTINGS) as project, Cluster(project) as running:
        steps = call(running, client.one_task)
        calls = call(running, client.hooks)
        again = call(running, client.save_again)
        failing = {name: call(running, client.failing, name) for name in NAMES[1:]}
        running.stop()
        return steps, failing, calls, again, running.log


def enqueued_by():
    """Return the processes that send pre_enqueue for a chain and a schedule."""
    # With this pause the sentinel looks at the schedules in its first round.
    keys = {"Q_CLUSTER": Q_CLUSTER | {"guard_cycle": 30}}
    note("cluster")
    with workspace(SETTINGS | keys) as project:
        return call(Cluster(project), client.elsewhere)


def keeps_spawning():
    """Wait until the only worker of a cluster has been replaced twice."""
    with workspace(SETTINGS) as project:
        running = Cluster(project | {"FAILING": "post_spawn"}).start()
        try:
            return wait_until(
                lambda: running.log.count("ready for work") > 2,
                60,
                lambda: f"the worker is not replaced:\n{running.log}",
            )
        finally:
            running.kill()


def table(rows):
    heads = ["it ran", "result", "in the queue", "the next runs"]
    lines = [f"{'':23}{'  '.join(heads)}"]
    for name, row in rows.items():
        cells = "  ".join(f"{row[head]!s:{len(head)}}" for head in heads)
        lines.append(f"{name:23}{cells}".rstrip())
    return "\n".join(lines)
