"""What a run has cost: its dearest items, its sections, and what has to say why.

CPU-seconds are the kernel's count for the process of an item, for all that it has
waited for, and for all forks that it has asked for. Not counted are a server that
serves many items, and a process whose parent was killed before it. The same work takes
up to 1.7 times as many on a busy machine, so what is above a limit is named, and only
what is above its double fails the run. Seconds of waiting are never a failure.
"""

import heapq
import os
import tomllib
from collections import Counter
from pathlib import Path

from cookbook.catalogue import ROOT, recipes

ITEM, WAIT, RECIPE = 20, 60, 3  # CPU-seconds, seconds, CPU-seconds with its page.
UNITS = {}  # What this run has measured, without the forks.


def place(items):
    """Return the file and the name under which the cost of some tests is kept."""
    file, _, name = items[0].nodeid.partition("::")
    return file, "page" if file.endswith(".md") else name


def expected(told, items):
    """Return how many seconds tests took when they last ran; a new page comes first."""
    file, name = place(items)
    known = told.get(file, {}).get("costs", {}).get(name)
    return known["seconds"] if known else 999 * (name == "page")


def note(number, items, cpu, seconds):
    """Keep what the fork of this number has cost, unless it only read a page."""
    if items[-1].name != "sphinx":
        UNITS[place(items)] = number, cpu, seconds


def measured():
    """Return `{(file, name): {"cpu": ..., "seconds": ...}}` of this run."""
    found = {}
    for key, (number, cpu, seconds) in UNITS.items():
        forks = Path(os.environ["COOKBOOK_RUN"], f"cost-{number}")
        if forks.exists():
            cpu += sum(map(float, forks.read_text().split()))
        found[key] = {"cpu": round(cpu, 2), "seconds": round(seconds, 2)}
    return found


def recipe(file):
    """Return the name of the recipe that a module or a page belongs to, or the file."""
    path = ROOT / file
    for each in recipes():
        if path == each.page or each.path in (path, *path.parents):
            return f"{each.section}/{each.name}"
    return file


def summary(costs):
    """Return the lines of a table: the ten dearest items, and every section."""
    dearest = heapq.nlargest(10, costs.items(), key=lambda item: item[1]["cpu"])
    rows = [(f"{file} {name}", cost) for (file, name), cost in dearest]
    sections = {}
    for (file, _), cost in costs.items():
        section = recipe(file).removeprefix("cookbook/").partition("/")[0]
        sections.setdefault(f"all of {section}", Counter()).update(cost)
    return [f"{'CPU-s':>7} {'seconds':>7}", *(
        f"{cost['cpu']:7.1f} {cost['seconds']:7.1f}  {what}"
        for what, cost in [*rows, *sorted(sections.items())]
    )]  # fmt: skip


def debts(costs, reasons, old):
    """Return `[(sentence, fatal)]` for what costs more than the house allows.

    `reasons` has what may, and why; `old` are recipes from before the rule for pages.
    """
    found, totals = [], Counter()
    for (file, name), cost in costs.items():
        if name in ("SQLite", "page"):
            totals[recipe(file)] += cost["cpu"]
        if recipe(file) not in reasons:
            found += [(f"{file} {name}", "CPU-seconds", cost["cpu"], ITEM)]
            found += [(f"{file} {name}", "seconds", cost["seconds"], WAIT)]
    for name in totals.keys() - {*reasons, *old}:
        found += [(f"{name} with its page", "CPU-seconds", totals[name], RECIPE)]
    advice = "make it cheaper, or say why in [tool.cookbook.costs] of pyproject.toml"
    return [
        (
            f"{what} took {count:.0f} {unit}, and {limit} are allowed; {advice}",
            unit == "CPU-seconds" and count > 2 * limit,
        )
        for what, unit, count, limit in found
        if count > limit
    ]


def rules():
    """Return the reasons and the old recipes, from pyproject.toml."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["cookbook"]
    return table["costs"], table["before-the-rule"]
