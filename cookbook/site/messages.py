"""Show what is known about messages.

`{messages} workers` shows the entries of one area: a heading with the message, what it
means, what to do, and the run that printed it, folded. Without an area it shows a table
of all messages.

The table is in the order of the first word that is the same in every such line:

>>> from cookbook.qdoctor.explain import Entry
>>> from cookbook.site.messages import index
>>> texts = ["Pushed {tag}", "{name} monitoring at", "{name} pushing tasks at {id}"]
>>> print(index([Entry(text, "workers", 0, "", "") for text in texts]))
| Action | Message |
| --- | --- |
| None | [`{name} monitoring at`](/troubleshooting/messages-workers.md#name-moni...) |
| None | [`Pushed {tag}`](/troubleshooting/messages-workers.md#pushed-tag) |
| None | [`{name} pushing tasks at {id}`](/troubleshooting/messages-...) |
"""

import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from cookbook.qdoctor import explain
from cookbook.qdoctor.explain import HARM, entries

# What each harm asks of a reader, short enough for a column.
ACTIONS = ("None", "Read", "Fix", "Now")


class Messages(SphinxDirective):
    optional_arguments = 1

    def run(self):
        visible = entries()
        if area := "".join(self.arguments):
            visible = [entry for entry in visible if entry.area == area]
        assert visible, f"qdoctor/messages has no {area}.toml"
        for file in Path(explain.__file__).with_name("messages").iterdir():
            self.env.note_dependency(str(file))
        place = nodes.Element()
        text = page(visible) if area else index(visible)
        lines = text.splitlines()
        self.state.nested_parse(
            StringList(lines, source=self.env.doc2path(self.env.docname)),
            self.content_offset,
            place,
            match_titles=True,
        )
        return place.children


def index(visible):
    """Return a table of entries, by the first fixed words of their messages."""
    rows = ["| Action | Message |", "| --- | --- |"]
    for entry in sorted(visible, key=fixed):
        page = f"/troubleshooting/messages-{entry.area}.md#{entry.slug}"
        rows.append(f"| {ACTIONS[entry.harm]} | [`{title(entry)}`]({page}) |")
    return "\n".join(rows)


def fixed(entry):
    """Return what is the same in each such line, from its first letter on."""
    return re.sub(r"^\W+", "", re.sub(r"{\w*}", "", entry.text.lower()))


def title(entry):
    """Return what stands in a pair of backticks; another pair, if it contains some."""
    text = entry.text.splitlines()[0].replace("|", "\\|")
    return f"` {text} `" if "`" in text else text


def page(visible):
    """Return entries as MyST. A run of several messages is shown with the first."""
    # A house without messages can be built too.
    from cookbook.troubleshooting.messages import all_runs, places

    firsts, runs = {}, all_runs()
    for entry in visible:
        firsts.setdefault(runs.get(entry.text), entry)
    return "\n\n".join(
        entry_text(
            entry,
            places().get(entry.text, "printed by another package"),
            runs.get(entry.text),
            firsts[runs.get(entry.text)],
        )
        for entry in visible
    )


def entry_text(entry, place, run, first):
    facts = [HARM[entry.harm], place]
    facts += [f"{{rule}}`{rule}` of qdoctor" for rule in entry.rules]
    facts += [f"{{doc}}`/{entry.see}`"] if entry.see else []
    parts = [
        f"({entry.slug})=",
        f"## `{title(entry)}`",
        entry.means,
        f"**{'Fix:' if entry.harm else 'Usually nothing.'}** {entry.fix}",
        " · ".join(facts),
    ]
    if not run:
        parts.append(f"*No run is shown: {entry.unseen}*")
    elif first is not entry:
        parts.append(f"The run of [`{title(first)}`](#{first.slug}) printed it.")
    else:
        module, function = run
        parts.append(
            "````{dropdown} The run that printed it\n"
            f":::{{session}} messages/runs/{module}\n:of: {function}\n:::\n````"
        )
    return "\n\n".join(parts)


def setup(app):
    app.add_directive("messages", Messages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
