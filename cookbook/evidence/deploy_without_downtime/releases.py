"""Run a release of the shop: its cluster, its shell, its migrations."""

import ast
from contextlib import chdir, contextmanager
from pathlib import Path

from cookbook.catalogue import ROOT
from cookbook.evidence.deploy_without_downtime import client
from cookbook.harness import trial

HERE = Path(__file__).parent
CLUSTER = {"name": "shop", "workers": 1, "timeout": 60, "retry": 600}
BROKERS = {"Redis": {"redis": "redis://localhost:6379/0"}, "ORM": {"orm": "default"}}


@contextmanager
def server(broker="ORM"):
    """Give the environment of a server, where the shop is not migrated yet."""
    settings = {
        "Q_CLUSTER": CLUSTER | BROKERS[broker],
        "INSTALLED_APPS": ["shop"],
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    with trial.workspace(settings) as environment, chdir(ROOT):
        yield environment


def release(environment, name, **changes):
    """Return the environment with the code of a release; `changes` are cluster keys."""
    folders = [HERE / name, *([HERE / "new"] if name == "careful" else []), ROOT]
    settings = ast.literal_eval(environment["RECIPE_SETTINGS"])
    settings["Q_CLUSTER"] |= changes
    return environment | {
        "PYTHONPATH": ":".join(map(str, folders)),
        "RECIPE_SETTINGS": repr(settings),
    }


def call(environment, name, *arguments):
    """Call a function of client.py under a release and return what it returns."""
    return trial.call(environment, getattr(client, name), *arguments)
