"""Figures of long experiments: `nox -s bench -- NAME` writes them, pages show them.

An experiment is a module with a function `measure`, which returns a dictionary:
`rows`, a list of dictionaries for the table; `chart`, the two columns that a
picture shows (label, value); anything else is a figure for the page's prose.
"""

import importlib
import json
import os
import platform
import sys
from datetime import date
from html import escape

import django

from cookbook.catalogue import COOKBOOK, find
from cookbook.harness.stamps import VERSIONS


def write(name):
    """Run the experiment of a page and write its figures beside its module."""
    from cookbook.harness import servers  # Sphinx reads figures without servers.

    recipe = find(name)
    module = importlib.import_module(f"cookbook.{recipe.section}.{recipe.path.stem}")
    run = servers.begin()
    try:
        figures = module.measure()
    finally:
        servers.sweep(run)
    figures |= {
        "date": date.today().isoformat(),
        "versions": VERSIONS,
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
    }
    path = recipe.path.with_suffix(".json")
    path.write_text(json.dumps(figures, indent=1) + "\n")
    return path


def table(rows):
    """Return rows as a Markdown table; numbers stand to the right."""
    heads = list(rows[0])
    rule = ["---:" if isinstance(rows[0][h], int | float) else "---" for h in heads]
    lines = [heads, rule, *([str(row[h]) for h in heads] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def chart(rows, label, value, unit=36):
    """Return a bar chart as SVG in the colours of the page around it."""
    top, height = max(row[value] for row in rows), unit * len(rows) + 24
    bars = []
    for place, row in enumerate(rows):
        y, width = place * unit + 24, 440 * row[value] / top
        bars.append(
            f'<text x="150" y="{y + 17}" text-anchor="end">{escape(str(row[label]))}</text>'
            f'<rect x="160" y="{y}" width="{width:.0f}" height="24" rx="3"/>'
            f'<text x="{168 + width:.0f}" y="{y + 17}">{row[value]:,}</text>'
        )
    title = f"{escape(value)} by {escape(label)}"
    return (
        f'<svg class="chart" viewBox="0 0 680 {height}" role="img" '
        f'aria-label="{title}"><text x="160" y="12">{escape(value)}</text>'
        f"{''.join(bars)}</svg>"
    )


def substitutions():
    """Return what pages may name in double braces: `{{ save_limit.table }}`."""
    told = {}
    for path in sorted(COOKBOOK.glob("*/*.json")):
        figures = json.loads(path.read_text())
        told[path.stem] = figures | {"table": table(figures["rows"])}
        if "chart" in figures:
            told[path.stem]["chart"] = chart(figures["rows"], *figures["chart"])
    return told


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "cookbook.settings"
    django.setup()
    for name in sys.argv[1:]:
        print("wrote", write(name))
