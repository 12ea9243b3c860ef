"""ALT_CLUSTERS: what a cluster of another name has that differs.

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_names_and_schedules.alt_clusters import (
...     refused, run_by, serves,
... )
>>> serves()
{'queue': 'shop', 'workers': 1}
>>> serves(name="mail")
{'queue': 'mail', 'workers': 2}

The option of `qcluster` comes too late to change anything on Linux:

>>> serves("--name", "mail")
{'queue': 'shop', 'workers': 1}

A task that is sent with `cluster="mail"`, and the name of the cluster that ran it:

>>> run_by("mail")
'mail'

At the edges:

>>> serves(name="male")
{'queue': 'male', 'workers': 1}
>>> serves(name="mail", keys=["mail"]), serves(name="mail", keys={"mail": 2})
({'queue': 'mail', 'workers': 1}, {'queue': 'mail', 'workers': 1})
>>> refused(Q_CLUSTER_NAME="mail")
"KeyError: 'ALT_CLUSTERS'"

Who reads it:

>>> readers("ALT_CLUSTERS")
[]
"""

import re
from contextlib import contextmanager

from django_q.tasks import async_task, fetch

from cookbook.harness.trial import Q_CLUSTER, Cluster, call, refusal, workspace

MAIL = {"mail": {"workers": 2}}


@contextmanager
def started(*options, name="", keys=MAIL):
    """Give a cluster that was started with these options and this Q_CLUSTER_NAME."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | {"ALT_CLUSTERS": keys}}) as project:
        cluster = Cluster(project | {"Q_CLUSTER_NAME": name})
        with cluster.start(*options).wait() as running:
            yield running


def serves(*options, **how):
    with started(*options, **how) as running:
        running.stop()
        return {
            "queue": re.search(r"\[(\w+)\] running", running.log)[1],
            "workers": running.log.count(" ready for work "),
        }


def send(queue):
    return fetch(async_task(abs, -3, cluster=queue), wait=60_000).cluster


def run_by(queue):
    with started(name=queue) as running:
        sender = Cluster(running.environment | {"Q_CLUSTER_NAME": ""})
        return call(sender, send, queue)


def refused(**variables):
    """Return why a cluster does not start where there is no ALT_CLUSTERS."""
    with workspace({"Q_CLUSTER": Q_CLUSTER}) as project:
        return refusal(project | variables)
