"""The configurations of this cookbook's own recipes, judged as the command judges them.

Each is read with what Django has where it sets nothing. In the five systems that
people copy there is no error and no warning:

>>> import inspect
>>> import redis
>>> from unittest.mock import patch
>>> from cookbook import upstream
>>> from cookbook.qdoctor.keys import KEYS, REDIS
>>> from cookbook.qdoctor.running import meets_zero
>>> from cookbook.reference.check_your_q_cluster.ours import (
...     KNOWN, SYSTEMS, asked, judged,
... )
>>> from cookbook.reference.q_cluster_processes import guard_cycle
>>> with patch("os.cpu_count", return_value=4):
...     found = judged()
>>> for system, modules in SYSTEMS.items():
...     seen = {name: [i for i in ids if i[0] != "I"] for name, ids in found.items()
...             if name.split("/")[0] in modules and name not in KNOWN}
...     assert {name.split("/")[0] for name in seen} == modules, seen
...     print(f"{system}: {len(seen)} configurations, {sum(seen.values(), [])}")
workflows on PostgreSQL: 2 configurations, []
a club's site on SQLite: 1 configurations, []
the backend's documentation: 20 configurations, []
a hosting company's methods: 9 configurations, []
the backend's specification: 4 configurations, []

Nor in any other, but in those that make their mistake on purpose. The one note says
that a cache which no other process can read shows no cluster in `qmonitor`:

>>> alarms = {name: [i for i in ids if i[0] != "I"] for name, ids in found.items()}
>>> {name for name, ids in alarms.items() if ids} ^ KNOWN.keys()
set()
>>> {i for ids in found.values() for i in ids if i[0] == "I"}
{'I015'}
>>> alarms["empty_qmonitor/slow_guard.py"]
['W024', 'W029']

On a larger machine the configurations without `workers` have more of them, and these a
`retry` that is too short then:

>>> with patch("os.cpu_count", return_value=16):
...     larger = judged()
>>> for name in larger:
...     if larger[name] != found[name]:
...         print(name, larger[name])
install/settings.py ['W012', 'I015']
profiles/settings.py as it comes ['W012', 'I015']
profiles/settings.py as it comes, connection kept ['W012', 'I015']
worker_brokers/configurations.py ORM ['W012', 'I015']
worker_brokers/configurations.py SQS ['W012', 'I015']
worker_brokers/configurations.py MYSQL ['W012', 'I015']
worker_brokers/configurations.py MONGODB ['W012', 'I015']
how_many_workers.py ['W012', 'I015']

The command line says the same, and wants the name of a settings module:

>>> for name in ("recipes.long_workflow", "backend.worker", "backend.supervisor"):
...     print(asked(f"cookbook.{name}.settings"))
0 0 errors, 0 warnings, 1 note
0 0 errors, 0 warnings, 1 note
0 0 errors, 0 warnings, 1 note
>>> print(asked())
2 ... name a settings module, or set DJANGO_SETTINGS_MODULE

The rules know every key that Django-Q2 reads, and every argument of its Redis:

>>> KEYS.keys() ^ upstream.settings().keys()
set()
>>> set(REDIS) ^ inspect.signature(redis.Redis).parameters.keys()
set()

They know the defaults, too; these are not written as a value in its source:

>>> for key, setting in upstream.settings().items():
...     if repr(KEYS[key]["default"]) != setting.default:
...         print(f"{key}: {KEYS[key]['default']}, {setting.default}")
cluster_name: None, PREFIX
workers: None, False
queue_limit: the square of workers, int(WORKERS) ** 2
ALT_CLUSTERS: None, required
time_zone: None, settings.TIME_ZONE

And they count down as the reference does, which was compared with a real sentinel:

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

from cookbook.catalogue import recipes
from cookbook.qdoctor.project import diagnose, read

SYSTEMS = {
    "workflows on PostgreSQL": {"long_workflow"},
    "a club's site on SQLite": {"sqlite_in_production"},
    "the backend's documentation": {
        "docker", "install", "procfile", "profiles", "systemd", "whole_stack", "worker",
        "worker_brokers",
    },
    "a hosting company's methods": {
        "enqueue_after_commit", "health_dashboard", "metrics", "qdrain", "qhealth",
    },
    "the backend's specification": {
        "named_worker", "several_clusters", "supervisor", "without_daemons",
    },
}  # fmt: skip
KNOWN = {
    "empty_qmonitor/slow_guard.py": "shows what a slow guard does",
    "group_sigterm.py": "shows what is lost of tasks that wait in memory",
    "long_workflow/prefetch.py": "shows tasks that wait in memory",
    "profiles/settings.py throughput, ours": "has tasks of milliseconds",
    "sqlite_in_production/attempts.py": "repeats a task soon, so that it is seen",
    "sqlite_in_production/redelivery.py": "shows a task that runs twice",
    "sqlite_in_production/redelivery_mended.py": "differs from it in one number",
    "stopping/settings.py": "is given its broker when it is run",
    "tutorial/config/settings.py": "repeats a task soon, so that it is seen",
}
# What a settings module reads of the environment that its page gives it.
GIVEN = {"DATABASE_URL": "postgres://db/shop", "Q_CLUSTER_NAME": "",
         "GUNICORN_PORT": "8000", "GRANIAN_PORT": "8001"}  # fmt: skip


def configurations():
    """Yield a name and the settings, for every Q_CLUSTER that a module holds."""
    for recipe in recipes():
        # The reference shows keys, not systems.
        for module in recipe.modules if recipe.section != "reference" else []:
            if re.search(r"^(Q_CLUSTER|PROFILES|ORM) = ", module.read_text(), re.M):
                name = module.relative_to(recipe.path.parent).as_posix()
                own = settings_of(recipe, module)
                if "Q_CLUSTER" in own:
                    yield name, own
                for title, (queue, _) in own.get("PROFILES", {}).items():
                    if "copied" not in title:
                        yield f"{name} {title}", {"Q_CLUSTER": queue}
                for key, value in own.items():
                    if type(value) is dict and "Q_CLUSTER" in value:
                        yield f"{name} {key}", value


def settings_of(recipe, module):
    """Return what a module assigns, on top of what its folder's settings assign."""
    package = f"cookbook.{recipe.section}"
    names = [recipe.path / "settings.py", module] if recipe.path.is_dir() else [module]
    told = {}
    for path in names:
        if path.exists():
            inside = path.relative_to(recipe.path.parent).with_suffix("")
            told |= vars(import_module(".".join([package, *inside.parts])))
    return told


def judged():
    """Return the ids that the rules find, by the name of the configuration."""
    with patch.dict(os.environ, GIVEN):
        return {
            name: [
                finding["id"].split(".")[1]
                for finding in diagnose(read(SimpleNamespace(**settings)))
            ]
            for name, settings in configurations()
        }


def asked(*arguments):
    """Return the exit code and the last line of `python -m qdoctor`."""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "cookbook.qdoctor", *arguments],
        env=environment,
        capture_output=True,
        text=True,
    )
    told = (done.stdout + done.stderr).strip().splitlines()[-1]
    return f"{done.returncode} {told}"
