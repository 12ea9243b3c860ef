"""What the log says when a process of a cluster is killed.

>>> from cookbook.reference.q_cluster_processes.deaths import edges
>>> print(edges())
| Killed | The log says |
| --- | --- |
| A worker | `reincarnated worker Process-... after death` |
| The pusher | `reincarnated pusher Process-... after sudden death` |
| The monitor | `reincarnated monitor Process-... after sudden death` |
"""

import os
import re
import signal

from django_q.status import Stat

from cookbook.harness.trial import observe, own_log, table, wait_until


def kill(name):
    """Kill one process of the cluster, and return what the log says of it."""
    wait_until(Stat.get_all, 30, own_log)
    cluster = Stat.get_all()[0]
    findings = {
        "worker": cluster.workers[0], "pusher": cluster.pusher,
        "monitor": cluster.monitor,
    }  # fmt: skip
    os.kill(findings[name], signal.SIGKILL)
    wait_until(lambda: "reincarnated" in own_log(), 30, own_log)
    return re.search(r"reincarnated .+", own_log())[0]


def edges():
    rows = {
        "A worker": observe(kill, "worker"),
        "The pusher": observe(kill, "pusher"),
        "The monitor": observe(kill, "monitor"),
    }
    return table(
        {name: f"`{line}`" for name, line in rows.items()}, ("Killed", "The log says")
    )
