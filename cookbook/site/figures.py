"""Figures of long experiments: `nox -s bench -- NAME` writes them, pages show them.

An experiment is a module with a function `measure`, which returns a dictionary:
`rows`, a list of dictionaries for the table; `chart`, the two columns that a
picture shows (label, value); anything else is a figure for the page's prose.
"""

import ast
import importlib
import json
import os
import platform
from datetime import date
from html import escape

from cookbook.catalogue import COOKBOOK, ROOT
from cookbook.site.stamps import VERSIONS


def write(recipe):
    """Run a long experiment and write its figures beside its module."""
    from cookbook.harness import servers  # Sphinx reads figures without servers.

    module = next(filter(measures, recipe.modules), None)
    if not module:
        raise SystemExit(f"{recipe.name} measures nothing; its page has no figures")
    inside = module.relative_to(recipe.path.parent).with_suffix("").parts
    name = ".".join(["cookbook", recipe.section, *inside]).removesuffix(".__init__")
    run = servers.begin()
    try:
        figures = importlib.import_module(name).measure()
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


def measures(module):
    """Say whether a module has a function `measure`."""
    body = ast.parse(module.read_text()).body
    return any(getattr(node, "name", "") == "measure" for node in body)


def table(rows):
    """Return rows as a Markdown table; numbers stand to the right."""
    heads = list(rows[0])
    rule = ["---:" if isinstance(rows[0][h], int | float) else "---" for h in heads]
    lines = [heads, rule, *([text(row[h]) for h in heads] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def text(value):
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def chart(rows, label, value):
    """Return a bar chart as SVG, in the colours of the page and legible on a phone."""
    top, bars = max(row[value] for row in rows), []
    for place, row in enumerate(rows):
        y, width = place * 30 + 26, 190 * row[value] / top
        bars.append(
            f'<text x="132" y="{y + 15}" text-anchor="end">{escape(text(row[label]))}'
            f'</text><rect x="140" y="{y}" width="{width:.0f}" height="20" rx="3"/>'
            f'<text x="{148 + width:.0f}" y="{y + 15}">{text(row[value])}</text>'
        )
    label_text = f"{escape(value)} by {escape(label)}"
    return (
        f'<svg class="chart" viewBox="0 0 420 {len(rows) * 30 + 26}" role="img" '
        f'aria-label="{label_text}"><text x="140" y="14">{escape(value)}</text>'
        f"{''.join(bars)}</svg>"
    )


def substitutions():
    """Return what pages may name in double braces: `{{ save_limit.table }}`.

    A folder can have a module `substitutions` that makes more, whenever Sphinx reads.
    """
    values = {}
    for path in sorted(COOKBOOK.glob("*/*.json")):
        figures = json.loads(path.read_text())
        values[path.stem] = figures | {"table": table(figures["rows"])}
        if "chart" in figures:
            values[path.stem]["chart"] = chart(figures["rows"], *figures["chart"])
    for path in sorted(COOKBOOK.glob("*/*/substitutions.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        made = importlib.import_module(module).substitutions()
        values.setdefault(path.parent.name, {}).update(made)
    return values
