"""Stop the processes of a Procfile as a dyno and as honcho do, and count tasks.

Needs: django-prodserver, gunicorn, honcho.

The settings of the page with the Procfile fit into the 30 seconds of a dyno:

>>> from cookbook.deploy.procfile.settings import Q_CLUSTER
>>> from cookbook.qdoctor.rules import longest_hold
>>> longest_hold(Q_CLUSTER | {"bulk": 1}, "orm") + 10
30

A dyno: SIGTERM to every process, then SIGKILL. The small size has two trials.

>>> from cookbook.evidence.procfile import measure
>>> from cookbook.evidence.procfile.export import PROCFILE
>>> from cookbook.evidence.procfile.trials import PLAIN
>>> trials = [(PLAIN, "Redis", 0.1, 2), (PROCFILE, "ORM", 0.1, 90)]
>>> plain, named = measure(trials, times=1)["rows"]
>>> plain["Finished"], plain["Lost"] >= 2
(0, True)
>>> named["Finished"] >= 2, named["Run again"], named["Lost"], named["Killed"]
(True, 0, 0, '0 of 1')

honcho, after Ctrl-C in its terminal:

>>> from cookbook.evidence.procfile.trials import HONCHO, start_all, trial
>>> outcome = trial(PLAIN, "ORM", 30, 90, HONCHO)
>>> print(outcome["printed"])
SIGINT received
sending SIGTERM to web.1 (pid ...)
sending SIGTERM to worker.1 (pid ...)
...
>>> outcome["finished"], outcome["run again"] >= 2, outcome["lost"]
(0, True, 0)

Without names honcho starts the line `release` too, and ends when that has ended:

>>> print(start_all(PROCFILE))
release.1 stopped (rc=0)
sending SIGTERM to web.1 (pid ...)
sending SIGTERM to worker.1 (pid ...)
...
"""

from concurrent.futures import ThreadPoolExecutor

from .export import PROCFILE
from .trials import PLAIN, TASKS, trial

TRIALS = [
    (PLAIN, "ORM", 1, 30),
    (PLAIN, "Redis", 1, 30),
    (PROCFILE, "ORM", 1, 30),
    (PROCFILE, "Redis", 1, 30),
    (PROCFILE, "ORM", 40, 30),
    (PROCFILE, "Redis", 40, 30),
]


def measure(trials=TRIALS, times=5, at_once=6):
    """Repeat each trial, and add up what became of its tasks."""
    with ThreadPoolExecutor(at_once) as pool:
        waits = [[pool.submit(trial, *of) for _ in range(times)] for of in trials]
        outcomes = [[wait.result() for wait in of] for of in waits]
    rows = []
    for (procfile, broker, seconds, _), of in zip(trials, outcomes, strict=True):
        total = {k: sum(one[k] for one in of) for k in of[0] if k != "printed"}
        rows.append(
            {
                "File": f"`{procfile.name}`",
                "Broker": broker,
                "Seconds per task": seconds,
                "Killed": f"{total['killed']} of {times}",
                "Finished": total["finished"],
                "Run again": total["run again"],
                "Lost": total["lost"],
            }
        )
    return {"rows": rows, "tasks": TASKS * times, "times": times}
