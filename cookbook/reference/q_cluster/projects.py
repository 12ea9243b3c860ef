"""Projects without a cluster, with one that does not start, and with two settings."""

import ast

from cookbook.harness.clusters import Cluster
from cookbook.harness.servers import workspace

from . import call, logged
from .settings import Q_CLUSTER


def without_cluster(function, *arguments, on="SQLite", **changes):
    """Call a function in a new project in which no cluster runs."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}, on) as project:
        return call(Cluster(project), function, *arguments)


def refusal(project):
    """Start a cluster that does not come to run and return the last line of its log."""
    return logged(project, "beside(print)").splitlines()[-1]


def client(running, **changes):
    """Return a process beside a cluster that reads another Q_CLUSTER than it."""
    settings = ast.literal_eval(running.environment["RECIPE_SETTINGS"])
    settings["Q_CLUSTER"] |= changes
    return Cluster(running.environment | {"RECIPE_SETTINGS": repr(settings)})


def first_look(prepare, on="SQLite", **changes):
    """Prepare schedules, run a cluster for one look at them, and return its log.

    With a guard_cycle of 30 the sentinel looks in its first round.
    """
    changes = {"guard_cycle": 30} | changes
    name, module = prepare.__name__, prepare.__module__
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}, on) as project:
        # To stop it ends the first round before.
        return logged(project, f"from {module} import {name}; {name}(); beside(stop)")
