"""What a run has cost: its dearest items, its sections, and what has to say why.

CPU-seconds are the kernel's count for the process of an item, for all that it has
waited for, and for all forks that it has asked for. Not counted are a server that
serves many items, and a process whose parent was killed before it. The same work takes
up to 1.7 times as many on a busy machine, so what is above a limit is named, and only
what is above its double fails the run. Seconds of waiting are never a failure.
"""

import os
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from cookbook.catalogue import ROOT, owner, recipes

ITEM, WAIT, RECIPE = 20, 60, 3  # CPU-seconds, seconds, CPU-seconds with its page.
UNITS = {}  # What this run has measured, without the forks.


def place(items):
    """Return the file and the name under which the cost of some tests is kept."""
    file, _, name = items[0].nodeid.partition("::")
    return file, "page" if file.endswith(".md") else name


def expected(stamps, items):
    """Return how many seconds tests took when they last ran; a new page comes first."""
    file, name = place(items)
    new = {"seconds": 999 if name == "page" else 0}
    return stamps.get(file, {}).get("costs", {}).get(name, new)["seconds"]


def note(number, items, cpu, seconds):
    """Keep what the fork of this number has cost, unless it only read a page."""
    if items[-1].name != "sphinx":
        UNITS[place(items)] = number, cpu, seconds


def measured():
    """Return `{(file, name): {"cpu": ..., "seconds": ...}}` of this run."""
    costs = {}
    for key, (number, cpu, seconds) in UNITS.items():
        forks = Path(os.environ["COOKBOOK_RUN"], f"cost-{number}")
        lines = forks.read_text().split() if forks.exists() else []
        cpu += sum(map(float, lines))
        costs[key] = {"cpu": round(cpu, 2), "seconds": round(seconds, 2)}
    return costs


def recipe(file):
    """Return the name of the recipe that a module or a page belongs to, or the file."""
    path = ROOT / file
    mine = next((r for r in recipes() if r.page == path), owner(path))
    return f"{mine.section}/{mine.name}" if mine else file


def summary(costs):
    """Return the lines of a table: the ten dearest items, and every section."""
    sections = defaultdict(Counter)
    for (file, _), cost in costs.items():
        section = recipe(file).removeprefix("cookbook/").partition("/")[0]
        sections[f"all of {section}"].update(cost)
    dearest = sorted(costs.items(), key=lambda item: item[1]["cpu"], reverse=True)[:10]
    rows = [(" ".join(place), cost) for place, cost in dearest]
    return [f"{'CPU-s':>7} {'seconds':>7}", *(
        f"{cost['cpu']:7.1f} {cost['seconds']:7.1f}  {what}"
        for what, cost in [*rows, *sorted(sections.items())]
    )]  # fmt: skip


def debts(costs, reasons, old):
    """Return `[(sentence, fatal)]` for what costs more than the house allows.

    `reasons` has what may, and why; `old` are recipes from before the rule for pages.
    """
    counts, totals = [], Counter()
    for (file, name), cost in costs.items():
        what, mine = f"{file} {name}", recipe(file)
        if mine not in reasons:
            counts.append((what, cost["cpu"], "CPU-seconds", ITEM))
            counts.append((what, cost["seconds"], "seconds", WAIT))
            if name in ("SQLite", "page") and mine not in old:
                totals[f"{mine} with its page"] += cost["cpu"]
    counts += [(what, cpu, "CPU-seconds", RECIPE) for what, cpu in totals.items()]
    advice = "make it cheaper, or say why in [tool.cookbook.costs] of pyproject.toml"
    return [
        (
            f"{what} took {count:.0f} {unit}, and {limit} are allowed; {advice}",
            unit == "CPU-seconds" and count > 2 * limit,
        )
        for what, count, unit, limit in counts
        if count > limit
    ]


def rules():
    """Return the reasons and the old recipes, from pyproject.toml."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["cookbook"]
    return table["costs"], table["before-the-rule"]
