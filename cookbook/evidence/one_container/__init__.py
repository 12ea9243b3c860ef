"""Stop a container that runs a cluster and a web server, and kill its cluster.

Needs: gunicorn, supervisor.

The small size: one usual way, the one of this site, and the health checks.

>>> from cookbook.evidence.one_container import measure, reached
>>> from cookbook.evidence.one_container.ways import WAYS
>>> names = ["`qcluster & exec gunicorn`", "`start.sh` of this site"]
>>> figures = measure([way for way in WAYS if way.name in names], grace=20)

Who got SIGTERM, and what the health checks said of a cluster that works, is frozen,
is gone. A machine on which nobody may start a process tree shows nothing:

>>> reached(figures) in ([], [("no", "yes"), ("yes", "yes")])
True
>>> [list(codes.values()) for codes in figures["probes"].values()] in (
...     [], [[0, 0, 0], [0, 0, 3], [1, 0, 3]],
... )
True
>>> measure(unshare=["false"])
{'rows': [], 'grace': 10, 'probes': {}}

supervisor reads each line of the file:

>>> from cookbook.evidence.one_container.ways import FOLDER
>>> from cookbook.evidence.supervisor.conf import unread
>>> unread(FOLDER / "supervisord.conf")
[]

A clean stop of the cluster fits into the 30 seconds that most platforms give:

>>> from cookbook.catalogue import find
>>> from cookbook.qdoctor.rules import longest_hold
>>> keys = find("deploy/one-container").settings()["Q_CLUSTER"]
>>> longest_hold(keys | {"bulk": 1}, "orm") + 10
30
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor

from .trials import UNSHARE, end_cluster, frozen, stop
from .ways import WAYS


def measure(ways=tuple(WAYS), grace=10, unshare=tuple(UNSHARE), at_once=4):
    """Stop one container of each way, kill the cluster of another, ask the probes."""
    may = subprocess.run([*unshare, "true"]).returncode == 0

    def row(way):
        stopped = stop(way, grace, unshare)
        return {"First process": way.name} | stopped | end_cluster(way, grace, unshare)

    with ThreadPoolExecutor(at_once) as pool:
        rows = list(pool.map(row, ways if may else ()))
    return {"rows": rows, "grace": grace, "probes": frozen(unshare) if may else {}}


def reached(figures):
    """Return for each way whether SIGTERM reached the cluster and the web server."""
    heads = "Cluster gets SIGTERM", "Web server gets it"
    return [tuple(row[head] for head in heads) for row in figures["rows"]]
