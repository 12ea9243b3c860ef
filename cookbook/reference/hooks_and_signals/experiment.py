"""Run tasks, and see which process calls what.

Which processes enqueue the first and the second task of a chain, and a scheduled one:

>>> from cookbook.reference.hooks_and_signals.experiment import enqueued_by
>>> enqueued_by()
['client', 'monitor', 'sentinel']
"""

from functools import cache

from django.dispatch import Signal
from django_q import signals

from cookbook.harness.trial import Cluster, call, note, table, wait_until, workspace

from . import client
from .settings import INSTALLED_APPS, Q_CLUSTER

SETTINGS = {"Q_CLUSTER": Q_CLUSTER, "INSTALLED_APPS": INSTALLED_APPS}
NAMES = [name for name, value in vars(signals).items() if type(value) is Signal]


@cache
def everything():
    """Run the examples beside one cluster; return the calls of each, and its log."""
    with workspace(SETTINGS) as project, Cluster(project) as running:
        outcome = {
            "steps": call(running, client.one_task),
            "hooks": call(running, client.hooks),
            "again": call(running, client.save_again),
            "failing": {
                name: call(running, client.failing, name) for name in NAMES[1:]
            },
            "behind": call(running, client.behind),
        }
        running.stop()
        return outcome | {"log": running.log}


def enqueued_by():
    """Return the processes that send pre_enqueue for a chain and a schedule."""
    # With this pause the sentinel looks at the schedules in its first round.
    keys = {"Q_CLUSTER": Q_CLUSTER | {"guard_cycle": 30}}
    note("cluster")
    with workspace(SETTINGS | keys) as project:
        return call(Cluster(project), client.elsewhere)


def keeps_spawning():
    """Wait until the only worker of a cluster has been replaced twice.

    A receiver of post_spawn that raises an error ends each worker:

    >>> from cookbook.reference.hooks_and_signals.experiment import keeps_spawning
    >>> keeps_spawning()
    True
    """
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


def moments():
    """Return which process called what for one task, whose function is `work`.

    >>> from cookbook.reference.hooks_and_signals.experiment import moments
    >>> print(moments())
    | Called | In the | With the arguments |
    | --- | --- | --- |
    | [`post_spawn`](#post_spawn) | worker | `proc_name` |
    | [`pre_enqueue`](#pre_enqueue) | client | `task` |
    | [`pre_execute`](#pre_execute) | worker | `func task` |
    | `work` | worker | - |
    | [`post_execute_in_worker`](#post_execute_in_worker) | worker | `func task` |
    | [`post_execute`](#post_execute) | monitor | `task` |
    """
    steps = everything()["steps"]
    assert {name for name, *_ in steps} == {*NAMES, "work"}
    assert {sender for name, _, sender, _ in steps if name != "work"} == {"django_q"}
    rows = {
        f"{link(name)} | {process}": f"`{arguments}`".replace("`-`", "-")
        for name, process, _, arguments in steps
    }
    heads = ("Called | In the", "With the arguments")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")


def link(name):
    return f"[`{name}`](#{name})" if name in NAMES else f"`{name}`"


def ends():
    """Return what became of a task with which a receiver raised an error.

    >>> from cookbook.reference.hooks_and_signals.experiment import ends
    >>> print(ends())
    | Error in a receiver of | The task |
    | --- | --- |
    | `pre_enqueue` | Did not run, no result, not in the queue |
    | `pre_execute` | Did not run, no result, stays in the queue |
    | `post_execute` | Ran, result stored, not in the queue |
    | `post_execute_in_worker` | Ran, no result, stays in the queue |
    """
    failing, log = everything()["failing"], everything()["log"]
    assert all(row["the next runs"] for row in failing.values())
    assert log.count("reincarnated worker") == 2
    assert log.count("reincarnated monitor") == 2
    assert everything()["behind"] == 3  # The next monitor stores what waits.
    words = {
        "it ran": ("Did not run", "Ran"),
        "result": ("no result", "result stored"),
        "in the queue": ("not in the queue", "stays in the queue"),
    }
    rows = {
        f"`{name}`": ", ".join(words[key][bool(row[key])] for key in words)
        for name, row in failing.items()
    }
    return table(rows, ("Error in a receiver of", "The task"))


def callers():
    """Return where the hook of each kind of task was called.

    >>> from cookbook.reference.hooks_and_signals.experiment import callers
    >>> print(callers())
    | Task | The hook |
    | --- | --- |
    | A success | Called in the monitor |
    | A failure | Called in the monitor |
    | A success with `save=False` | Not called |
    | A result in the cache | Not called |
    | A success with `sync=True` | Called in the client |
    | The hook raises an error | Called in the monitor |
    | The path of the hook is wrong | Not called |
    | A failure with `sync=True` | Not called |
    | The row is saved again, in a shell | Called in the monitor, then in the client |
    """
    log = everything()["log"]
    assert "failed on [bad hook] because the hook failed" in log
    assert "malformed return hook 'shop.hooks.done' for [bad path]" in log
    names = {
        "success": "A success",
        "failure": "A failure",
        "unsaved": "A success with `save=False`",
        "cached": "A result in the cache",
        "sync": "A success with `sync=True`",
        "sync failure": "A failure with `sync=True`",
        "bad hook": "The hook raises an error",
        "bad path": "The path of the hook is wrong",
    }
    places = {names[name]: where for name, where in everything()["hooks"].items()}
    places["The row is saved again, in a shell"] = everything()["again"]
    rows = {
        name: f"Called in the {', then in the '.join(where)}" if where else "Not called"
        for name, where in places.items()
    }
    return table(rows, ("Task", "The hook"))
