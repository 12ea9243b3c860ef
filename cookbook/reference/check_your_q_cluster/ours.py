"""The configurations of this cookbook's own recipes, judged by the rules.

Nothing is found in those of the systems that people copy:

>>> found = alarms()
>>> systems = ("long_workflow", "sqlite_in_production", "worker")
>>> [name for name in systems if f"{name}/settings.py" in found]
[]

Nor in any other, but in those that make their mistake on purpose:

>>> found.keys() ^ KNOWN.keys(), len(list(configurations())) > 10
(set(), True)
>>> found["empty_qmonitor/slow_guard.py"]
['W024']

The command line says the same, and wants the name of a settings module:

>>> print(asked("cookbook.recipes.long_workflow.settings", "--fail-level", "error"))
0 0 errors, 1 warning, 0 notes
>>> print(asked())
2 ... name a settings module, or set DJANGO_SETTINGS_MODULE

The rules know every key that Django-Q2 reads, and every argument of its Redis:

>>> KEYS.keys() ^ upstream.settings().keys()
set()
>>> set(REDIS) ^ inspect.signature(redis.Redis).parameters.keys()
set()
"""

import inspect  # noqa: F401  The session above uses these.
import os
import subprocess
import sys

import redis  # noqa: F401

from cookbook.catalogue import literal_settings, recipes
from cookbook.harness import upstream  # noqa: F401
from cookbook.recipes.qdoctor import project  # noqa: F401  It registers the rules.
from cookbook.recipes.qdoctor.keys import KEYS, REDIS  # noqa: F401
from cookbook.recipes.qdoctor.rules import diagnose, plain

# The tutorial's settings are one module; the reference shows keys, not systems.
OUT = {"start", "reference"}
KNOWN = {
    "empty_qmonitor/broken.py": "shows what a LocMem cache does",
    "empty_qmonitor/slow_guard.py": "shows what a slow guard does",
    "long_workflow/prefetch.py": "shows tasks that wait in memory",
    "sqlite_in_production/attempts.py": "repeats a task soon, so that it is seen",
    "sqlite_in_production/redelivery.py": "shows a task that runs twice",
    "sqlite_in_production/redelivery_mended.py": "differs from it in one number",
}


def configurations():
    """Yield the name and the settings of every recipe's module with a Q_CLUSTER."""
    for recipe in recipes():
        for module in recipe.modules if recipe.is_copyable else []:
            shared = recipe.path / "settings.py"
            if "\nQ_CLUSTER = " in module.read_text() and recipe.section not in OUT:
                settings = literal_settings(shared) if shared.exists() else {}
                settings |= literal_settings(module)
                yield module.relative_to(recipe.path.parent).as_posix(), settings


def alarms():
    """Return the ids that the rules find, by the name of the module."""
    found = {
        name: [finding["id"].split(".")[1] for finding in diagnose(plain(settings))]
        for name, settings in configurations()
    }
    return {name: ids for name, ids in found.items() if ids}


def asked(*arguments):
    """Return the exit code and the last line of `python -m qdoctor`."""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "cookbook.recipes.qdoctor", *arguments],
        env=environment,
        capture_output=True,
        text=True,
    )
    told = (done.stdout + done.stderr).strip().splitlines()[-1]
    return f"{done.returncode} {told}"
