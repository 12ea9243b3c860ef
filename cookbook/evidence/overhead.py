"""Measure what the backend costs: the worker's start and memory, an unused app.

The small size measures each once, and compares only what no clock decides:

>>> from cookbook.evidence.overhead import measure
>>> figures = measure(repeats=1)
>>> {row["what"]: row["ratio"] for row in figures["rows"]}["processes"]
1.0

An app that nobody uses adds two modules:

>>> for name in figures["added"]:
...     print(name)
django_prodserver
django_prodserver.apps

What Django-Q2 loads stays the same:

>>> figures["dropped"]
[]

The command loads these, and one of the many backends:

>>> for name in figures["by_the_command"]:
...     print(name)
django_prodserver
django_prodserver.backends
django_prodserver.backends.base
django_prodserver.backends.workers
django_prodserver.backends.workers.django_q2
django_prodserver.conf
django_prodserver.management
django_prodserver.management.base
django_prodserver.management.commands
django_prodserver.management.commands.worker
"""

import json
import subprocess
import time
from statistics import median

import psutil

from cookbook.harness.trial import Project, wait_until

COMMANDS = {
    "plain": ["qcluster"],
    "plain, no checks": ["qcluster", "--skip-checks"],
    "backend": ["worker", "worker"],
}
APPS = {"plain": ["django_q"], "backend": ["django_q", "django_prodserver"]}
PROCESSES = 5  # Main process, sentinel, worker, monitor and pusher.
SET_UP = """
import sys, time
start = time.process_time()
import django
django.setup()
seconds = time.process_time() - start
loaded = list(sys.modules)
import json, resource
pages = int(open("/proc/self/statm").read().split()[1])
print(json.dumps([seconds, loaded, pages * resource.getpagesize() / 2**20]))
"""
BY_THE_COMMAND = """
import sys
from django.core.management import load_command_class
from django.utils.module_loading import import_string
from django.conf import settings
load_command_class("django_prodserver", "worker")
import_string(settings.PRODUCTION_PROCESSES["worker"]["BACKEND"])
import json
print(json.dumps(sorted(n for n in sys.modules if "prodserver" in n)))
"""


def started(site, command):
    """Start a command; return how long it took and what its processes hold."""
    begin = time.perf_counter()
    process = site.start(*command).wait(90)
    seconds = time.perf_counter() - begin
    main = psutil.Process(process.process.pid)
    tree = wait_until(
        lambda: (
            len(family := [main, *main.children(recursive=True)]) == PROCESSES
            and family
        ),
        90,
        lambda: f"{main.children(recursive=True)}{process.advice}",
    )
    used = [each.cpu_times() for each in tree]
    memory = [each.memory_full_info() for each in tree]
    process.stop(90)
    return {
        "seconds until `running.`": seconds,
        "CPU seconds until then": sum(each.user + each.system for each in used),
        "PSS of all processes, MB": sum(each.pss for each in memory) / 2**20,
        "USS of all processes, MB": sum(each.uss for each in memory) / 2**20,
        "processes": len(tree),
    }


def set_up(site, apps):
    """Run `django.setup()` in a new process; return the figures and the modules."""
    site.has(apps=apps)
    seconds, loaded, memory = json.loads(python(site, SET_UP))
    figures = {"CPU seconds of `django.setup()`, app unused": seconds,
               "RSS after it, MB, app unused": memory,
               "modules loaded, app unused": len(loaded)}  # fmt: skip
    return figures, set(loaded)


def python(site, code):
    return subprocess.run(
        [*site.python, "-c", code],
        cwd=site.folder, env=site.environment, check=True, text=True,
        stdout=subprocess.PIPE,
    ).stdout  # fmt: skip


def measure(repeats=15):
    site = Project("django-prodserver", "django-q2")
    costs = {way: [] for way in COMMANDS}
    unused = {way: [] for way in APPS}
    loaded = {}
    for _ in range(repeats):
        for way, apps in APPS.items():  # In turn, so that both meet the same.
            figures, loaded[way] = set_up(site, apps)
            unused[way].append(figures)
        site.has()
        for way, command in COMMANDS.items():
            costs[way].append(started(site, command))
    by_the_command = json.loads(python(site, BY_THE_COMMAND))
    site.close()
    return {
        "rows": [*table(costs), *table(unused)],
        "repeats": repeats,
        "added": sorted(loaded["backend"] - loaded["plain"]),
        "dropped": sorted(loaded["plain"] - loaded["backend"]),
        "by_the_command": by_the_command,
    }


def table(costs):
    """Return the median of each figure for each way, and backend as ratio to plain."""
    rows = []
    for what in costs["plain"][0]:
        row = {"what": what}
        for way in COMMANDS:
            values = [each[what] for each in costs.get(way, [])]
            row[way] = round(median(values), 3) if values else ""
        rows.append(row | {"ratio": round(row["backend"] / row["plain"], 3)})
    return rows
