"""Show what is known about messages.

`{messages} workers` shows the entries of one area: a heading with the message, what it
means, what to do, and the run that printed it, folded. Without an area it shows a table
of all messages.
"""

from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from cookbook.qdoctor import explain
from cookbook.qdoctor.explain import entries
from cookbook.troubleshooting.messages import places, runs

HARM = ("Routine", "Read it once", "Fix it", "Fix it now: tasks are affected")


class Messages(SphinxDirective):
    optional_arguments = 1

    def run(self):
        shown = entries()
        if area := "".join(self.arguments):
            shown = [entry for entry in shown if entry.area == area]
        if not shown:
            raise self.error(f"qdoctor/messages has no {area}.toml")
        for file in Path(explain.__file__).with_name("messages").iterdir():
            self.env.note_dependency(str(file))
        place = nodes.Element()
        text = "\n\n".join(map(entry_text, shown)) if area else index(shown)
        lines = text.splitlines()
        self.state.nested_parse(
            StringList(lines, source=self.env.doc2path(self.env.docname)),
            self.content_offset,
            place,
            match_titles=True,
        )
        return place.children


def index(shown):
    """Return a table of entries, by the letters of their messages."""
    rows = ["| Message | Action |", "| --- | --- |"]
    for entry in sorted(shown, key=lambda one: one.text.lower().lstrip("'\"{")):
        page = f"/troubleshooting/messages-{entry.area}.md#{entry.slug}"
        rows.append(f"| [`{title(entry)}`]({page}) | {HARM[entry.harm]} |")
    return "\n".join(rows)


def title(entry):
    return entry.text.splitlines()[0].replace("|", "\\|")


def entry_text(entry):
    """Return an entry as MyST."""
    facts = [HARM[entry.harm], places().get(entry.text, "printed by another package")]
    facts += [
        f"{{doc}}`{rule} of qdoctor </troubleshooting/qdoctor>`" for rule in entry.rules
    ]
    facts += [f"{{doc}}`/{entry.see}`"] if entry.see else []
    parts = [
        f"({entry.slug})=",
        f"## `{title(entry)}`",
        entry.means,
        f"**{'Fix:' if entry.harm else 'No action:'}** {entry.fix}",
        " · ".join(facts),
    ]
    if entry.text in runs():
        module, function = runs()[entry.text]
        parts.append(
            "````{dropdown} The run that printed it\n"
            f":::{{session}} messages/runs/{module}\n:of: {function}\n:::\n\n"
            f":::{{recipe}} messages/runs/{module}\n:pyobject: {function}\n:::\n````"
        )
    else:
        parts.append(f"*No run printed it: {entry.unseen}*")
    return "\n\n".join(parts)


def setup(app):
    app.add_directive("messages", Messages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
