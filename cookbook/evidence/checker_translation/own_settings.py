"""The settings of this cookbook's own recipes, judged as the command judges them.

No error and no warning is found in what is for copying, nor in an experiment, except
where the mistake is made on purpose:

>>> from unittest.mock import patch
>>> from cookbook.evidence.checker_translation.own_settings import (
...     ON_PURPOSE, command_line, judge_all, worse,
... )
>>> with patch("os.cpu_count", return_value=4):
...     found = judge_all()
>>> len(found) > 40
True
>>> set(worse(found)) ^ set(ON_PURPOSE)
set()

Settings without `workers` have as many as the machine has processors. On a larger
machine the same `retry` is too short for some:

>>> with patch("os.cpu_count", return_value=16):
...     larger = judge_all()
>>> larger["evidence/how_many_workers.py"], found["evidence/how_many_workers.py"]
(['W012', 'I015', 'I033', 'W034', 'W034'], ['I015', 'I033', 'W034', 'W034'])

The command line reads the settings of this cookbook's project, and needs a name:

>>> print(command_line("cookbook.settings"))
0 0 errors, 0 warnings, 1 note
>>> print(command_line())
2 ... name a settings module, or set DJANGO_SETTINGS_MODULE

The rules know every key that Django-Q2 reads, and every argument of its drivers:

>>> from cookbook import upstream
>>> from cookbook.qdoctor.keys import ARGUMENTS, KEYS
>>> from cookbook.qdoctor.project import arguments
>>> KEYS.keys() ^ upstream.settings().keys()
set()
>>> [one for one in ARGUMENTS if set(ARGUMENTS[one]) != set(arguments(one)[one])]
[]

They know the defaults, too; these are not written as a value in its source:

>>> for key, setting in upstream.settings().items():
...     if repr(KEYS[key]["default"]) != setting.default:
...         print(f"{key}: {KEYS[key]['default']}, {setting.default}")
cluster_name: None, PREFIX
workers: None, False
queue_limit: the square of workers, int(WORKERS) ** 2
ALT_CLUSTERS: None, required
time_zone: None, settings.TIME_ZONE

They count down as the reference does, which was compared with a real sentinel:

>>> from cookbook.qdoctor.running import meets_zero
>>> from cookbook.reference.q_cluster_processes import guard_cycle
>>> pairs = [(timeout, cycle / 20) for timeout in (0, 1, 60) for cycle in range(1, 99)]
>>> pairs.append((2, 5 / 79))  # Zero in 64 bits, not in the 32 of the timer.
>>> [pair for pair in pairs if meets_zero(*pair) != guard_cycle.sure(*pair)]
[]
"""

import os
import re
import subprocess
import sys
from importlib import import_module
from types import SimpleNamespace
from unittest.mock import patch

from cookbook.catalogue import CLUSTER, COOKBOOK, literal_settings, merge, recipes
from cookbook.qdoctor.project import diagnose, read

BASE = {"Q_CLUSTER": CLUSTER}
ON_PURPOSE = {
    "evidence/group_sigterm.py": "shows what is lost of tasks that wait in memory",
    "evidence/how_many_workers.py": "has tasks of a second in its other clusters",
    "evidence/named_worker.py": "has tasks of a second",
    "evidence/procfile/settings.py": "is given its broker when it is run",
    "evidence/profiles/keys.py throughput, ours": "has tasks of milliseconds",
    "evidence/stopping/settings.py": "is given its broker when it is run",
    "evidence/tracing_a_task/settings.py": "repeats a task soon, so that it is seen",
    "start/tutorial/config/settings.py": "repeats a task soon, so that it is seen",
    "troubleshooting/empty_qmonitor/slow_guard.py": "shows what a slow guard does",
}
# What a settings module reads of the environment that its page gives it.
GIVEN = {"DATABASE_URL": "postgres://db/shop", "Q_CLUSTER_NAME": "",
         "GUNICORN_PORT": "8000", "GRANIAN_PORT": "8001"}  # fmt: skip


def configurations():
    """Yield a name and the settings, for every Q_CLUSTER that a module holds.

    What is for copying is merged into the settings that its reader has. The reference
    shows keys, not systems.
    """
    for recipe in recipes():
        for module in recipe.modules if recipe.section != "reference" else []:
            name = module.relative_to(COOKBOOK).as_posix()
            if not re.search(r"^(Q_CLUSTER|PROFILES) = ", module.read_text(), re.M):
                continue
            if recipe.is_copyable:
                own = literal_settings(module)
                whole = "name" in own["Q_CLUSTER"]  # The reader replaces his own by it.
                base = {} if whole else merge(BASE, recipe.settings(module))
                yield name, merge(base, own)
                continue
            settings = assigned(recipe.path / "settings.py") | assigned(module)
            if "Q_CLUSTER" in settings:
                yield name, settings
            for title, (queue, _) in settings.get("PROFILES", {}).items():
                if "copied" not in title:  # Those are somebody else's.
                    yield f"{name} {title}", {"Q_CLUSTER": queue}


def assigned(path):
    """Return all names of a module; many compute their settings."""
    if not path.exists():
        return {}
    inside = path.relative_to(COOKBOOK).with_suffix("").parts
    return vars(import_module(".".join(["cookbook", *inside])))


def judge_all():
    """Return the ids that the rules find: `{name of the configuration: ids}`."""
    with patch.dict(os.environ, GIVEN):
        return {
            name: [
                finding["id"].split(".")[1]
                for finding in diagnose(read(SimpleNamespace(**settings)))
            ]
            for name, settings in configurations()
        }


def worse(findings):
    """Return what is more than a note: `{name of the configuration: ids}`."""
    alarms = {name: [i for i in ids if i[0] != "I"] for name, ids in findings.items()}
    return {name: ids for name, ids in alarms.items() if ids}


def command_line(*arguments):
    """Return the exit code and the last line of `python -m qdoctor`."""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.run(
        [sys.executable, "-m", "cookbook.qdoctor", *arguments],
        env=environment,
        capture_output=True,
        text=True,
    )
    last = (process.stdout + process.stderr).strip().splitlines()[-1]
    return f"{process.returncode} {last}"
