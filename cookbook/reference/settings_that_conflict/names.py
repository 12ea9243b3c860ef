"""name, cluster_name, ALT_CLUSTERS and Q_CLUSTER_NAME: which queue a process uses.

What Django-Q2 reads when it starts:

>>> from cookbook.reference.settings_that_conflict.names import edges
>>> print(edges())
| Values, with `name` "shop" | What the process uses |
| --- | --- |
| no other | name shop, queue shop, 1 worker |
| `cluster_name` "mail" | name shop, queue mail, 1 worker |
| `Q_CLUSTER_NAME=mail` | `KeyError: 'ALT_CLUSTERS'` |
| `Q_CLUSTER_NAME=mail`, `ALT_CLUSTERS` `{}` | name shop, queue mail, 1 worker |
| same, `{"mail": {"workers": 3, "name": "post"}}` | name shop, queue mail, 3 workers |
"""

import json
import os
import runpy
from unittest import mock

from django.test import override_settings
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook import upstream
from cookbook.harness.trial import (
    Q_CLUSTER,
    Cluster,
    call,
    client,
    table,
    wait_until,
    workspace,
)

FATES = {"Processed ": "runs", "BadSignature": "is deleted, and never ran"}


def names(variable="", **changes):
    """Read Q_CLUSTER as Django-Q2 does; return the names that it finds."""
    changed = override_settings(Q_CLUSTER=Q_CLUSTER | changes)
    with changed, mock.patch.dict(os.environ, {"Q_CLUSTER_NAME": variable}):
        try:
            conf = runpy.run_path(str(upstream.SOURCE))["Conf"]
        except KeyError as error:
            return f"`KeyError: {error}`"
    workers = "1 worker" if conf.WORKERS == 1 else f"{conf.WORKERS} workers"
    return f"name {conf.PREFIX}, queue {conf.CLUSTER_NAME}, {workers}"


def edges():
    post = {"mail": {"workers": 3, "name": "post"}}
    variable = "`Q_CLUSTER_NAME=mail`"
    rows = {
        "no other": names(),
        '`cluster_name` "mail"': names(cluster_name="mail"),
        variable: names("mail"),
        f"{variable}, `ALT_CLUSTERS` `{{}}`": names("mail", ALT_CLUSTERS={}),
        f"same, `{json.dumps(post)}`": names("mail", ALT_CLUSTERS=post),
    }
    return table(rows, ('Values, with `name` "shop"', "What the process uses"))


def enqueue():
    async_task("builtins.print")


def waiting():
    return OrmQ.objects.count()


def fate(name):
    """Enqueue under this name for the queue of a cluster; return what happens."""
    with workspace({"Q_CLUSTER": Q_CLUSTER}) as project:
        quiet = Cluster(project)
        call(client(quiet, name=name, cluster_name="shop"), enqueue)
        with Cluster(project) as running:
            [event, *_] = wait_until(
                lambda: [word for word in FATES if word in running.log],
                30,
                lambda: f"nothing happened:\n{running.log}",
            )
        return "still waits" if call(quiet, waiting) else FATES[event]


def signatures():
    """Return what happens to a task that is signed under another name.

    Its `cluster_name` is "shop", so it is in the queue of the cluster:

    >>> from cookbook.reference.settings_that_conflict.names import signatures
    >>> print(signatures())
    | `name` where the task is enqueued | In the cluster with `name` "shop", it |
    | --- | --- |
    | "shop" | runs |
    | "office" | is deleted, and never ran |
    """
    heads = (
        "`name` where the task is enqueued",
        'In the cluster with `name` "shop", it',
    )
    return table({f'"{name}"': fate(name) for name in ("shop", "office")}, heads)
