"""Put together the calculator of the page, whenever the site is built.

>>> from cookbook.evidence.waiting_times.substitutions import script, substitutions
>>> list(substitutions())
['calculator']
>>> "const FIELDS = {" in script()
True
"""

import json
from pathlib import Path

from cookbook.scaling.how_many_workers.forecast import FIELDS
from cookbook.site.forms import style

HERE = Path(__file__).parent


def script():
    """Return the model as JavaScript; what a field may be is said once, in Python."""
    model = (HERE / "model.js").read_text()
    return f"const FIELDS = {json.dumps(FIELDS)};\n{model}"


def substitutions():
    """Return what the page names in double braces."""
    form, page = (HERE / name for name in ("calculator.html", "page.js"))
    # Markdown ends a form at an empty line, and a style or a script at its end tag.
    return {
        "calculator": f"{style(HERE / 'page.css')}{form.read_text()}\n<script>\n"
        f"(() => {{\n{script()}\n{page.read_text()}}})();\n</script>\n"
    }
