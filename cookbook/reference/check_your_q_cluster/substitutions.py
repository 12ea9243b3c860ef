"""Put together what a reader uses on the page, whenever the site is built.

>>> from cookbook.reference.check_your_q_cluster.substitutions import substitutions
>>> substitutions().keys()
dict_keys(['judge', 'calculator'])
>>> "function* sqlite_workers(given)" in substitutions()["calculator"]
True
"""

from pathlib import Path

from .translate import whole

HERE = Path(__file__).parent


def script():
    """Return the reader of literals and the rules, without the page around them."""
    return (HERE / "engine.js").read_text() + whole()


def substitutions():
    """Return what the page names in double braces."""
    style, form, calculator, page = (
        (HERE / name).read_text()
        for name in ("page.css", "markup.html", "calculator.html", "page.js")
    )
    # Markdown ends a form at an empty line, and a style or a script at its end tag.
    return {
        "judge": f"<style>\n{style}</style>\n{form}",
        "calculator": f"{calculator}\n<script>\n(() => {{\n{script()}\n{page}}})();\n"
        "</script>\n",
    }
