"""How a cluster of each release ends: one that cannot start, and two that are stopped.

One cluster of the oldest release, and one of the newest:

>>> from cookbook.evidence.what_changed_between_versions.stops import (
...     CASES, count, end, rows,
... )
>>> end("1.9.0", **CASES["`workers` is 2.5"], patience=5)
'never'
>>> idle = "SIGTERM when idle, `guard_cycle` is 10"
>>> rows(times=1, cases=[idle], releases=["1.11.1"])[0]["1.11.1"]
'exit code 0 (1)'

A cell of the table says how often each end was seen:

>>> count(["exit code 0"] * 5 + ["never"])
'exit code 0 (5), never (1)'
"""

import signal
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic

from cookbook.harness.trial import Cluster, wait_until, workspace

from .releases import RELEASES, house

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 60,
    "retry": 600,
}
# When the log says `after`, SIGTERM is sent to the main process.
CASES = {
    "`workers` is 2.5": {"workers": 2.5},
    "SIGTERM while it starts": {"after": " starting."},
    "SIGTERM when idle, `guard_cycle` is 10": {"after": " running.", "guard_cycle": 10},
}


def end(release, after="", patience=12, **changes):
    """Start a cluster of a release, stop it, and return how its main process ended.

    `never`: it still lived `patience` seconds after the signal, or after its start.
    """
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}) as project:
        home = house(release)
        manage = (sys.executable, home / "cookbook/manage.py")
        path = {"PYTHONPATH": str(home)}
        cluster = Cluster(project | path, manage).start()
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


def count(ends):
    return ", ".join(f"{how} ({n})" for how, n in sorted(Counter(ends).items()))


def rows(times=20, cases=CASES, releases=RELEASES, at_once=6):
    """Return how `times` clusters of each release ended, a row for each case."""
    for release in releases:  # Else two threads would do it at once.
        house(release)
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
        | {r: count(run.result() for run in runs[case, r]) for r in releases}
        for case in cases
    ]
