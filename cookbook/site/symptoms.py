"""Show the symptoms, and link them with the rules of qdoctor that foresee them.

`{symptoms}` shows a table of all entries of docs/troubleshooting. {rule}`W012` is a
link to a rule on the page of qdoctor, and there each rule is a link to its entry.
"""

import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective, SphinxRole

RULES = "troubleshooting/qdoctor"


class Symptoms(SphinxDirective):
    def run(self):
        # A house without symptoms can be built too.
        from cookbook.troubleshooting.symptoms import PAGES, entries, titles

        for area in titles():
            self.env.note_dependency(str(PAGES / f"{area}.md"))
        place = nodes.Element()
        lines = table(entries(), titles()).splitlines()
        page = self.env.doc2path(self.env.docname)
        self.state.nested_parse(
            StringList(lines, source=page), self.content_offset, place
        )
        return place.children


def table(entries, titles):
    """Return the entries below the titles of their pages, as one table."""
    rows = ["| You see | qdoctor |", "| --- | --- |"]
    for area, title in titles.items():
        rows.append(f"| **[{title}]({area}.md)** | |")
        for entry in entries:
            if entry.area == area:
                rules = dict.fromkeys(entry.rules)
                names = ", ".join(f"{{rule}}`{one}`" for one in rules)
                rows.append(f"| [{entry.words}]({entry.place}) | {names} |")
    return "\n".join(rows)


class Rule(SphinxRole):
    """A link to a rule, from any page."""

    def run(self):
        up = "../" * self.env.docname.count("/")
        place = f"{up}{RULES}.html#{self.text.lower()}"
        link = nodes.reference(self.rawtext, "", refuri=place)
        link += nodes.literal("", self.text)
        return [link], []


def link_rules(app, doctree):
    """On the page of qdoctor, let each rule of a table lead to its entry."""
    if app.env.docname != RULES:
        return
    from cookbook.troubleshooting.symptoms import NOWHERE, PAGES, places

    firsts = places()
    for entry in firsts.values():
        app.env.note_dependency(str(PAGES / f"{entry.area}.md"))
    for literal in list(doctree.findall(nodes.literal)):
        name, cell = literal.astext(), literal.parent.parent
        if not isinstance(cell, nodes.entry) or not re.fullmatch(r"[EWI]\d{3}", name):
            continue
        cell["ids"].append(name.lower())
        place = firsts.get(name, NOWHERE).place.replace(".md", ".html")
        link = nodes.reference("", "", refuri=place)
        literal.replace_self(link)
        link += literal


def setup(app):
    app.add_directive("symptoms", Symptoms)
    app.add_role("rule", Rule())
    app.connect("doctree-read", link_rules)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
