"""name, cluster_name, ALT_CLUSTERS and Q_CLUSTER_NAME: which queue a process uses.

`PREFIX` is the name, which signs every task; `CLUSTER_NAME` is the queue:

>>> from cookbook.reference.settings_that_conflict.names import conf, fate
>>> conf()
{'PREFIX': 'shop', 'CLUSTER_NAME': 'shop', 'WORKERS': 1}
>>> conf(cluster_name="mail")
{'PREFIX': 'shop', 'CLUSTER_NAME': 'mail', 'WORKERS': 1}

The variable Q_CLUSTER_NAME of the environment needs ALT_CLUSTERS, if only an empty one:

>>> conf("mail")
"KeyError: 'ALT_CLUSTERS'"
>>> conf("mail", ALT_CLUSTERS={})
{'PREFIX': 'shop', 'CLUSTER_NAME': 'mail', 'WORKERS': 1}
>>> conf("mail", ALT_CLUSTERS={"mail": {"workers": 3, "name": "post"}})
{'PREFIX': 'shop', 'CLUSTER_NAME': 'mail', 'WORKERS': 3}

A task in the right queue that was signed under another name is deleted unread:

>>> fate(name="shop")
'ran'
>>> fate(name="office")
'deleted'
"""

import os
import runpy
from unittest import mock

from django.test import override_settings

from cookbook.harness import upstream
from cookbook.harness.trial import Q_CLUSTER, Cluster, shell, wait_until, workspace


def conf(variable="", **changes):
    """Read Q_CLUSTER anew as Django-Q2 does; return the names that it finds."""
    changed = override_settings(Q_CLUSTER=Q_CLUSTER | changes)
    with changed, mock.patch.dict(os.environ, {"Q_CLUSTER_NAME": variable}):
        try:
            found = runpy.run_path(str(upstream.SOURCE))["Conf"]
        except KeyError as error:
            return f"KeyError: {error}"
    return {key: getattr(found, key) for key in ("PREFIX", "CLUSTER_NAME", "WORKERS")}


def fate(name):
    """Enqueue under this name for the queue of a cluster; return what it does."""
    sender = {"Q_CLUSTER": Q_CLUSTER | {"name": name, "cluster_name": "shop"}}
    with workspace({"Q_CLUSTER": Q_CLUSTER}) as project:
        shell(
            project | {"RECIPE_SETTINGS": repr(sender)},
            "from django_q.tasks import async_task; async_task('builtins.print')",
        )
        with Cluster(project) as running:
            words = {"Processed ": "ran", "BadSignature": "deleted"}
            seen = wait_until(
                lambda: [w for w in words if w in running.log],
                30,
                lambda: f"nothing happened:\n{running.log}",
            )
        left = "from django_q.models import OrmQ; print(OrmQ.objects.count())"
        return words[seen[0]] if shell(project, left) == "0" else "still waits"
