"""Stop clusters in every way that process managers use, and count what is lost.

Needs: django-prodserver, honcho, supervisor.

supervisor reads every option of the file that its rows start:

>>> import os
>>> from unittest.mock import patch
>>> from cookbook.evidence.supervisor.conf import unread
>>> from cookbook.evidence.stopping.ways import HERE
>>> with patch.dict(os.environ, PROJECT="."):
...     unread(HERE / "supervisord.conf")
[]

The small size: one trial of some ways, with the ORM broker.

>>> from dataclasses import replace
>>> from cookbook.evidence.stopping import measure
>>> from cookbook.evidence.stopping.ways import WAYS
>>> ways = {way.name: way for way in WAYS}
>>> figures = measure(
...     ways=[
...         ways["SIGKILL to main"],
...         ways["supervisor, stopasgroup=true"],
...         replace(ways["Tasks time out, memory full"], grace=8),
...         replace(ways["cron, timeout --foreground"], grace=90),
...     ],
...     sizes=[(2, 2)], seconds=0.5, size=40, times=1, brokers=["ORM"],
... )
>>> for row in figures["rows"]:
...     print("{Way}: {Clean stops} clean, {Orphans} orphans".format(**row))
SIGKILL to main: 0 of 1 clean, 5 orphans
supervisor, stopasgroup=true: 0 of 1 clean, 0 orphans
Tasks time out, memory full: 0 of 1 clean, 0 orphans
cron, timeout --foreground: 1 of 1 clean, 0 orphans

The ORM broker has lost nothing; the five orphans went on and began tasks:

>>> sum(row["Lost, ORM"] for row in figures["rows"])
0
>>> figures["begun_by_orphans"] > 0
True

SIGTERM to the main process of a cluster whose memory is full is a clean stop:

>>> print(figures["stops"])
| workers | queue_limit | Rounds | Rounds, s | Measured, s | Clean |
...
| 2 | 2 | 3 | 1.5 | ... | yes |

SIGTERM to its whole group is not, and Redis loses the tasks that were fetched:

>>> from cookbook.evidence.stopping.trials import trial
>>> cut = trial(replace(ways["SIGTERM to the group"], grace=3), "Redis", 40)
>>> cut["clean"], cut["lost"] > 0
(False, True)
"""

import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from cookbook.qdoctor.rules import longest_hold
from cookbook.site import figures

from .trials import BROKERS, trial
from .ways import WAYS, Way

SIZES = [(1, 1), (2, 2), (2, 4), (4, 4), (4, 16)]


def measure(ways=WAYS, sizes=SIZES, seconds=1, size=200, times=2,
            brokers=tuple(BROKERS), at_once=6):  # fmt: skip
    """Stop `times` clusters of each broker in each way, `at_once` of them together."""
    for number in signal.SIGHUP, signal.SIGQUIT:
        # A run in the background may ignore them, and so would its children.
        signal.signal(number, signal.SIG_DFL)
    with ThreadPoolExecutor(at_once) as pool:
        stops = [pool.submit(how_long, *each, seconds) for each in sizes]
        waits = [
            {
                b: [pool.submit(trial, way, b, size) for _ in range(way.times or times)]
                for b in brokers
            }
            for way in ways
        ]
        results = [{b: [w.result() for w in of[b]] for b in brokers} for of in waits]
    every = [one for of in results for trials in of.values() for one in trials]
    return {
        "rows": [row(way, of) for way, of in zip(ways, results, strict=True)],
        "tasks": size,
        "times": times,
        "grace": Way.grace,
        "begun_by_orphans": sum(one["begun by orphans"] for one in every),
        "stops": figures.table([stop.result() for stop in stops]),
    }


def row(way, trials):
    """Add up the trials of one way; `trials` has a list of them for each broker."""
    every = [outcome for broker in trials.values() for outcome in broker]
    codes = Counter(outcome["exit code"] for outcome in every)
    return {
        "Way": way.name,
        "Clean stops": f"{sum(outcome['clean'] for outcome in every)} of {len(every)}",
        "Exit code": ", ".join(f"{code} ({n})" for code, n in codes.items()),
        "Seconds": max(outcome["seconds"] for outcome in every),
        "Finished after": sum(
            outcome["finished after the signal"] for outcome in every
        ),
        "Orphans": max(outcome["orphans"] for outcome in every),
        "Run twice, ORM": sum(outcome["run twice"] for outcome in trials["ORM"]),
    } | {
        f"Lost, {broker}": sum(outcome["lost"] for outcome in trials[broker])
        for broker in trials
    }


def how_long(workers, queue_limit, seconds):
    """Measure a clean stop with a full memory, beside what the formula says."""
    keys = {"workers": workers, "queue_limit": queue_limit}
    way = Way(
        "SIGTERM to main",
        [(signal.SIGTERM, "main")],
        settings=keys,
        seconds=seconds,
        tasks=2 * (workers + queue_limit + 1) + workers,
        begun=workers + 1,
        grace=90,
    )
    outcome = trial(way, "ORM", 0)
    rounds = longest_hold(keys | {"bulk": 1, "timeout": 1}, "orm")
    return keys | {
        "Rounds": rounds,
        "Rounds, s": rounds * seconds,
        "Measured, s": outcome["seconds"],
        "Clean": "yes" if outcome["clean"] else "no",
    }
