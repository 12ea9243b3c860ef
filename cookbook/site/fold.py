"""A folded part of a page, `{dropdown} Title`: plain `<details>`, without a script."""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


class fold(nodes.General, nodes.Element):
    """What is folded; its first child is the title."""


class summary(nodes.TextElement):
    """The line that stays to be seen."""


class Dropdown(SphinxDirective):
    """Fold what stands in it; `:open:` leaves it open."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {
        "name": directives.unchanged,
        "open": directives.flag,
    }

    def run(self):
        title, messages = self.state.inline_text(self.arguments[0], self.lineno)
        part = fold(open="open" in self.options)
        part += summary(self.arguments[0], "", *title)
        self.env.temp_data["folded"] = True  # A session in it is one block.
        part += self.parse_content_to_nodes()
        self.env.temp_data["folded"] = False
        self.set_source_info(part)
        self.add_name(part)
        return [part, *messages]


def open_fold(self, node):
    attributes = {"open": ""} if node["open"] else {}
    self.body.append(self.starttag(node, "details", CLASS="fold", **attributes))


def close_fold(self, node):
    self.body.append("</div></details>\n")


def open_summary(self, node):
    self.body.append("<summary>")


def close_summary(self, node):
    self.body.append('</summary>\n<div class="fold-body">\n')


def pass_by(self, node):
    """The builders that write no HTML show the folded part like the rest."""


def setup(app):
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_by, pass_by))
    app.add_node(fold, html=(open_fold, close_fold), **others)
    app.add_node(summary, html=(open_summary, close_summary), **others)
    app.add_directive("dropdown", Dropdown, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
