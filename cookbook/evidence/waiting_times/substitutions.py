"""Put together the calculator and the tables, whenever the site is built.

>>> from cookbook.evidence.waiting_times.substitutions import script, substitutions
>>> list(substitutions())
['calculator', 'means', 'tails']
>>> "const FIELDS = {" in script()
True
"""

import json
from pathlib import Path

from cookbook.scaling.how_many_workers.forecast import FIELDS
from cookbook.site.figures import table
from cookbook.site.forms import style

HERE = Path(__file__).parent
TAILS = ("calculator, 95 %", "on paper, 95 %", "measured, 95 %")


def script():
    """Return the model as JavaScript; what a field may be is said once, in Python."""
    model = (HERE / "model.js").read_text()
    return f"const FIELDS = {json.dumps(FIELDS)};\n{model}"


def substitutions():
    """Return what the page names in double braces."""
    form, page = (HERE / name for name in ("calculator.html", "page.js"))
    rows = json.loads(HERE.with_suffix(".json").read_text())["rows"]
    # Markdown ends a form at an empty line, and a style or a script at its end tag.
    return {
        "calculator": f"{style(HERE / 'page.css')}{form.read_text()}\n<script>\n"
        f"(() => {{\n{script()}\n{page.read_text()}}})();\n</script>\n",
        "means": table([{k: v for k, v in r.items() if k not in TAILS} for r in rows]),
        "tails": table([{k: r[k] for k in ("load", "cluster", *TAILS)} for r in rows]),
    }
