"""Start four clusters from one settings file, and see which of them runs what.

Needs: django-prodserver.

Each cluster is started as the page says, with its queue in `Q_CLUSTER_NAME`:

>>> from cookbook.evidence.several_clusters import serve
>>> outcome = serve()

Which cluster ran which task; in which order they ended does not matter here:

>>> from cookbook.harness.trial import table
>>> rows = outcome["clusters"] | {"lost": "none"}
>>> print(table(rows, ("Task", "Cluster that ran it")))
| Task | Cluster that ran it |
| --- | --- |
| copy | high |
| count | short |
| news | low |
| receipt | high |
| report | long |
| lost | none |

What was done while the report still ran:

>>> outcome["meanwhile"]
['copy', 'count', 'news', 'receipt']

How many workers each cluster started:

>>> outcome["workers"]
{'low': 1, 'high': 2, 'short': 1, 'long': 1}

What no cluster ran, by queue, and which cluster ran it after it was moved:

>>> outcome["waiting"]
{'hihg': 1}
>>> outcome["rescued"]
{'lost': 'high'}

`NamedWorker` with the queue in its `ARGS` does the same:

>>> from cookbook.evidence.several_clusters import NAMED
>>> serve(NAMED) == outcome
True
"""

import sys
from contextlib import ExitStack
from pathlib import Path

from django_q.models import Success

from cookbook.deploy.several_clusters.queues import move, waiting
from cookbook.deploy.several_clusters.settings import Q_CLUSTER
from cookbook.harness.trial import MANAGE, Cluster, call, wait_until, workspace

from .tasks import place_order

QUEUES = ["low", "high", "short", "long"]
WORKER = "cookbook.backend.named_worker.workers.NamedWorker"
SETTINGS = {
    "Q_CLUSTER": {
        "name": "low",
        "orm": "default",
        "workers": 1,
        "timeout": 60,
        "retry": 240,
    }
    | Q_CLUSTER,
    "PRODUCTION_PROCESSES": {
        queue: {"BACKEND": WORKER, "ARGS": {"name": queue}} for queue in QUEUES
    },
}
NAMED = "from django.core.management import execute_from_command_line as manage; "
NAMED += "manage(['manage.py', 'worker', '{queue}'])"


def serve(code=None):
    """Start a cluster for every queue, let them work; return what each one did."""
    with workspace(SETTINGS) as project, ExitStack() as stack:
        client, clusters = Cluster(project), {}
        call(client, place_order)
        for queue in QUEUES:
            named = project if code else project | {"Q_CLUSTER_NAME": queue}
            words = ["-c", code.format(queue=queue)] if code else [MANAGE]
            cluster = Cluster(named, [sys.executable, *words]).start()
            clusters[queue] = stack.enter_context(cluster)
        meanwhile = sorted(call(client, owners, 4))
        (Path(project["WORKSPACE"]) / "others").touch()
        return {
            "meanwhile": meanwhile,
            "clusters": call(client, owners, 5),
            "waiting": call(client, waiting),
            "rescued": call(client, rescue),
            "workers": {n: c.log.count("ready for work") for n, c in clusters.items()},
        }


def owners(number):
    """Wait until this number of tasks has ended; return the cluster of each."""
    rows = Success.objects.values_list("name", "cluster").order_by("name")
    wait_until(lambda: rows.count() == number, 90, lambda: f"only {list(rows)} ended")
    return dict(rows)


def rescue():
    """Move the tasks of a misspelt queue; return the cluster that ran each."""
    before = set(Success.objects.values_list("name", flat=True))
    move("hihg", "high")
    after = owners(len(before) + 1)
    return {name: after[name] for name in after.keys() - before}
