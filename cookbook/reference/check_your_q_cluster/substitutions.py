"""Put together what a reader uses on the page, whenever the site is built.

>>> from cookbook.reference.check_your_q_cluster.substitutions import substitutions
>>> substitutions().keys()
dict_keys(['checker', 'calculator', 'findings'])
>>> "function* sqlite_workers(settings)" in substitutions()["calculator"]
True
"""

import json
from pathlib import Path

from cookbook.evidence.checker_translation.translate import script
from cookbook.site.figures import table
from cookbook.site.forms import style

from . import findings, links

HERE = Path(__file__).parent
# What the page uses of the script; the other names of the two may be the same.
USED = (
    "{ assumed, broker, certain, kind, likely, plan, read, REST, sound, spread, "
    "unknowns, world }"
)


def addresses():
    """Return where the id of each finding leads, as the page links to it."""
    return {one: ".." + place.replace(".md", ".html") for one, place in links().items()}


def substitutions():
    """Return what the page names in double braces."""
    form, calculator, page = (
        (HERE / name).read_text()
        for name in ("checker.html", "calculator.html", "page.js")
    )
    # Markdown ends a form at an empty line, and a style or a script at its end tag.
    return {
        "checker": style(HERE / "page.css") + form,
        "calculator": f"{calculator}\n<script>\n(() => {{\n"
        f"const {USED} = (() => {{\n{script()}\nreturn {USED};\n}})();\n"
        f"const LINKS = {json.dumps(addresses())};\n{page}}})();\n</script>\n",
        "findings": table(findings()),
    }
