"""How a cluster of each release ends: one that cannot start, and two that are stopped.

The small size: one cluster of the oldest release, and one of the newest.

>>> from cookbook.evidence.what_changed_between_versions.stops import (
...     CASES, end, rows, told,
... )
>>> end("1.9.0", **CASES["workers is 2.5"], patience=5)
'never'
>>> rows(times=1, cases=["SIGTERM at rest, guard_cycle is 10"], releases=["1.11.1"])
[{'Case': 'SIGTERM at rest, guard_cycle is 10', '1.11.1': 'exit code 0 (1)'}]

Five clusters that end and one that does not are told like this:

>>> told(["exit code 0"] * 5 + ["never"])
'exit code 0 (5), never (1)'
"""

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic

from cookbook.catalogue import ROOT
from cookbook.harness.trial import Cluster, wait_until, workspace

from . import RELEASES, install

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 60,
    "retry": 90,
}
# When the log says `after`, SIGTERM is sent to the main process.
CASES = {
    "workers is 2.5": {"workers": 2.5},
    "SIGTERM while it starts": {"after": " starting."},
    "SIGTERM at rest, guard_cycle is 10": {"after": " running.", "guard_cycle": 10},
}


def end(release, after="", patience=12, **changes):
    """Start a cluster of a release, stop it, and return how its main process ended.

    `never`: it still lived `patience` seconds after the signal, or after its start.
    """
    path = os.pathsep.join([str(install(release)), str(ROOT)])
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}) as project:
        cluster = Cluster(project | {"PYTHONPATH": path}).start()
        if after:
            wait_until(lambda: after in cluster.log, 60, lambda: cluster.log)
            cluster.process.send_signal(signal.SIGTERM)
        asked = monotonic()
        with suppress(TimeoutError):
            wait_until(lambda: cluster.process.poll() is not None, patience, str)
        waited = after and monotonic() - asked > 5
        late = ", after more than 5 s" if waited else ""
        if (code := cluster.process.poll()) is None:
            cluster.kill()
            return "never"
    return f"exit code {code}{late}"


def told(ends):
    return ", ".join(f"{how} ({n})" for how, n in sorted(Counter(ends).items()))


def rows(times=20, cases=CASES, releases=RELEASES, at_once=6):
    """Return how `times` clusters of each release ended, a row for each case."""
    for release in releases:  # Else two threads would do it at once.
        install(release)
    with ThreadPoolExecutor(at_once) as pool:
        runs = {
            (case, release): [
                pool.submit(end, release, **CASES[case]) for _ in range(times)
            ]
            for case in cases
            for release in releases
        }
    return [
        {"Case": case}
        | {r: told(run.result() for run in runs[case, r]) for r in releases}
        for case in cases
    ]
