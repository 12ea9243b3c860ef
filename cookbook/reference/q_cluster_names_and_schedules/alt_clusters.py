"""ALT_CLUSTERS: the keys that differ for clusters of other names.

A cluster with the `name` shop has one worker. ALT_CLUSTERS gives the queue `mail` two:

>>> from cookbook.reference.q_cluster_names_and_schedules.alt_clusters import (
...     edges, run_by, serve,
... )
>>> serve()
{'queue': 'shop', 'workers': 1}

The option of `qcluster` comes too late to change anything on Linux:

>>> serve("--name", "mail")
{'queue': 'shop', 'workers': 1}

A task that is sent with `cluster="mail"`, and the name of the cluster that ran it:

>>> run_by("mail")
'mail'

What the environment variable Q_CLUSTER_NAME does:

>>> print(edges())
| Value, and `Q_CLUSTER_NAME=mail` | What happens |
| --- | --- |
| `{"mail": {"workers": 2}}` | Serves `mail`; workers: 2 |
| The same, and `Q_CLUSTER_NAME=male` | Serves `male`; workers: 1 |
| `["mail"]` | Serves `mail`; workers: 1 |
| `{"mail": 2}` | Serves `mail`; workers: 1 |
| No such key | `KeyError: 'ALT_CLUSTERS'` |
"""

import re
from contextlib import contextmanager

from django_q.tasks import async_task, fetch

from cookbook.harness.trial import (
    Q_CLUSTER,
    Cluster,
    call,
    refusal,
    table,
    workspace,
)

MAIL = {"mail": {"workers": 2}}


@contextmanager
def start(*options, name="", keys=MAIL):
    """Start a cluster with these options and this Q_CLUSTER_NAME."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | {"ALT_CLUSTERS": keys}}) as project:
        cluster = Cluster(project | {"Q_CLUSTER_NAME": name})
        with cluster.start(*options).wait() as running:
            yield running


def serve(*options, **how):
    with start(*options, **how) as running:
        running.stop()
        return {
            "queue": re.search(r"\[(\w+)\] running", running.log)[1],
            "workers": running.log.count(" ready for work "),
        }


def send(queue):
    return fetch(async_task(abs, -3, cluster=queue), wait=60_000).cluster


def run_by(queue):
    with start(name=queue) as running:
        sender = Cluster(running.environment | {"Q_CLUSTER_NAME": ""})
        return call(sender, send, queue)


def refuse(**variables):
    """Return why a cluster does not start where there is no ALT_CLUSTERS."""
    with workspace({"Q_CLUSTER": Q_CLUSTER}) as project:
        return refusal(project | variables)


def describe(outcome):
    return f"Serves `{outcome['queue']}`; workers: {outcome['workers']}"


def edges():
    rows = {
        '`{"mail": {"workers": 2}}`': describe(serve(name="mail")),
        "The same, and `Q_CLUSTER_NAME=male`": describe(serve(name="male")),
        '`["mail"]`': describe(serve(name="mail", keys=["mail"])),
        '`{"mail": 2}`': describe(serve(name="mail", keys={"mail": 2})),
        "No such key": f"`{refuse(Q_CLUSTER_NAME='mail')}`",
    }
    return table(rows, ("Value, and `Q_CLUSTER_NAME=mail`", "What happens"))
