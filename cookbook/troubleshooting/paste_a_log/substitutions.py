"""Put together what a reader uses on the page, whenever the site is built.

The entries become data of the page; what is code in their text stands at every second
place:

>>> from cookbook.troubleshooting.paste_a_log.substitutions import data, prose
>>> prose("Set `retry` above [60](/a.md), see {doc}`the page </b>`.")
['Set ', 'retry', ' above 60, see the page.']
>>> data()[0].keys()
dict_keys(['text', 'pieces', 'harm', 'link', 'means', 'fix'])

No text of an entry can end the script:

>>> from cookbook.troubleshooting.paste_a_log.substitutions import literal
>>> print(literal(["</script>"]))
["\\u003c/script>"]
"""

import json
import re
from html import escape
from pathlib import Path

from docutils.nodes import make_id

from cookbook.qdoctor import explain, logs
from cookbook.site.forms import style

HERE = Path(__file__).parent


def data():
    """Return the entries as the page needs them."""
    return [
        {
            "text": entry.text,
            "pieces": entry.pieces,
            "harm": entry.harm,
            "link": f"messages-{entry.area}.html#{make_id(entry.slug)}",
            "means": prose(entry.means),
            "fix": prose(entry.fix),
        }
        for entry in explain.entries()
        if entry.is_distinct
    ]


def prose(markdown):
    """Return text and code in turn, without links and other marks."""
    text = re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"{\w+}`/?([^`<]+?)(?: *<[^>]*>)?`", r"\1", text)
    return re.split("`([^`]+)`", text.replace("**", ""))


def script():
    """Return the steps that explain a log, and what they use, as JavaScript."""
    constants = {
        "MOST": explain.MOST, "WIDTH": explain.WIDTH, "HARM": explain.HARM,
        "SHOWN": logs.SHOWN, "SHORTENED": logs.SHORTENED, "NOTHING": logs.NOTHING,
        "TRACEBACK": logs.TRACEBACK, "ENTRIES": data(),
    }  # fmt: skip
    lines = [f"const {name} = {literal(value)};" for name, value in constants.items()]
    lines.append(f"const BAD = new RegExp({literal(logs.BAD.pattern)});")
    return "\n".join([*lines, (HERE / "explain.js").read_text()])


def literal(value):
    """Return a value as JavaScript that can stand in a page."""
    return json.dumps(value).replace("<", r"\u003c")


def substitutions():
    """Return what the page names in double braces."""
    form, page, example = (
        (HERE / name).read_text() for name in ("form.html", "page.js", "example.log")
    )
    form = form.replace("{example}", escape(example))
    # Markdown ends a form at an empty line, and a style or a script at its end tag.
    return {
        "form": f"{style(HERE / 'page.css')}{form}\n"
        f"<script>\n(() => {{\n{script()}\n{page}}})();\n</script>\n"
    }
