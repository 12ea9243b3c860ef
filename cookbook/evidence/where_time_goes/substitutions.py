"""The tables and pictures of two pages, drawn from the figures.

>>> from cookbook.evidence.where_time_goes.substitutions import substitutions
>>> substitutions()["bulk"].startswith('<svg class="chart"')
True
"""

import json
from pathlib import Path

from cookbook.site.figures import chart, table

FILE = Path(__file__).parent.with_suffix(".json")


def substitutions():
    """Return a picture of each setting, and the tables of the steps."""
    figures = json.loads(FILE.read_text())
    curves = {}
    for row in figures["rows"]:
        name = row["setting"].replace(", Redis broker", "_redis")
        curves.setdefault(name, []).append(row)
    first = list(figures["steps"][0])[1]
    return {
        **{name: chart(rows, "value", "ratio") for name, rows in curves.items()},
        "ratio": {
            name: {row["value"]: row["ratio"] for row in rows}
            for name, rows in curves.items()
        },
        "way": chart(figures["steps"][:-1], "Step", first),
        "total": figures["steps"][-1],
        "totals": chart(
            [
                {"settings": name, "ms for a task": ms}
                for name, ms in list(figures["steps"][-1].items())[1:]
            ],
            "settings",
            "ms for a task",
        ),
        "steps": table(figures["steps"]),
        "sql": table(figures["sql"]),
        "waits": chart(figures["poll"], "poll", "ms to start"),
        "poll": table(figures["poll"]),
        "sizes": table(figures["sizes"]),
        "size": {row["KB"]: row for row in figures["sizes"]},
        "delay": {row["poll"]: row["ms to start"] for row in figures["poll"]},
    }
