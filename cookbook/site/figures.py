"""Figures of long experiments: `nox -s bench -- NAME` writes them, pages show them.

An experiment is a module with a function `measure`, which returns a dictionary:
`rows`, a list of dictionaries for the table; `chart`, the two columns that a
picture shows (label, value); anything else is a figure for the page's prose. It may
yield that again and again: what it has until then.
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


def write(recipe, quick=False, path=None):
    """Run a long experiment and write its figures beside its module, or to `path`.

    One that yields its figures has them written each time: an end loses nothing. The
    quick size, a module's QUICK, is written to where no page reads it, and printed.
    """
    from cookbook.harness import servers  # Sphinx reads figures without servers.

    module = next(filter(measures, recipe.modules), None)
    if not module:
        raise SystemExit(f"{recipe.name} measures nothing; its page has no figures")
    inside = module.relative_to(recipe.path.parent).with_suffix("").parts
    name = ".".join(["cookbook", recipe.section, *inside]).removesuffix(".__init__")
    module = importlib.import_module(name)
    if quick and not hasattr(module, "QUICK"):
        raise SystemExit(f"{recipe.name} has no quick size")
    size = [module.QUICK] if quick else []
    build = ROOT / "docs/_build"
    path = path or (build / recipe.path.name if quick else recipe.path)
    path, run = path.with_suffix(".json"), servers.begin()
    try:
        measured = module.measure(*size)
        for figures in [measured] if isinstance(measured, dict) else measured:
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(figures | origin(), indent=1) + "\n")
    finally:
        servers.sweep(run)
    if quick:
        print(table([dict(list(row.items())[:6]) for row in figures["rows"]]))
    return path


def origin():
    """Return when and where figures were measured."""
    return {
        "date": date.today().isoformat(),
        "versions": VERSIONS,
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
    }


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
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def chart(rows, label, value):
    """Return a bar chart as SVG, in the colours of the page and legible on a phone."""
    top, parts = max(row[value] for row in rows), []
    for place, row in enumerate(rows):
        y, width = place * 30 + 26, 190 * row[value] / top
        parts.append(
            f'<text x="132" y="{y + 15}" text-anchor="end">{escape(text(row[label]))}'
            f'</text><rect x="140" y="{y}" width="{width:.0f}" height="20" rx="3"/>'
            f'<text x="{148 + width:.0f}" y="{y + 15}">{text(row[value])}</text>'
        )
    head = f'<text x="140" y="14">{escape(value)}</text>'
    return svg(len(rows) * 30 + 26, f"{value} by {label}", head + "".join(parts))


def bars(rows, label, value, group=None):
    """Return bars with their labels above them: one long name after the other.

    Rows for which `group(row)` is true have the other colour.
    """
    top, parts = max(row[value] for row in rows), []
    for place, row in enumerate(rows):
        y, width = place * 40, max(320 * row[value] / top, 2)
        kind = "" if group is None or group(row) else ' class="other"'
        parts.append(
            f'<text x="0" y="{y + 14}">{escape(text(row[label]))}</text>'
            f'<rect x="0" y="{y + 19}" width="{width:.0f}" height="14" rx="3"{kind}/>'
            f'<text x="{width + 8:.0f}" y="{y + 31}">{text(row[value])}</text>'
        )
    return svg(len(rows) * 40, f"{value} by {label}", "".join(parts))


def curves(series, label, marks):
    """Return curves, `{name: {mark: value}}`, over these marks; 1 has a line."""
    top = max(1, *(value for values in series.values() for value in values.values()))
    step, parts = 340 / max(len(marks) - 1, 1), []
    for place, mark in enumerate(marks):
        x = 40 + place * step
        parts.append(
            f'<text x="{x:.0f}" y="196" text-anchor="middle">{text(mark)}</text>'
        )
    for y, mark in ((170, 0), (170 - 140 / top, 1)):
        parts.append(
            f'<path class="grid" d="M40 {y:.0f}H380"/>'
            f'<text x="30" y="{y + 5:.0f}" text-anchor="end">{mark}</text>'
        )
    for place, (name, values) in enumerate(series.items()):
        points = " ".join(
            f"{40 + marks.index(mark) * step:.0f},{170 - 140 * value / top:.0f}"
            for mark, value in values.items()
        )
        y = 226 + 22 * place
        parts.append(
            f'<polyline class="curve-{place}" points="{points}"/>'
            f'<path class="curve-{place}" d="M40 {y - 5}H80"/>'
            f'<text x="90" y="{y}">{escape(name)}</text>'
        )
    return svg(216 + 22 * len(series), label, "".join(parts))


def svg(height, label, content):
    return (
        f'<svg class="chart" viewBox="0 0 420 {height}" role="img" '
        f'aria-label="{escape(label)}">{content}</svg>'
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
