"""Each page once more as Markdown, for programs that read: `page.md`, `llms.txt`.

It is written from what Sphinx is about to show, so that it has every included file and
the facts of the last run. Links lead to the other Markdown pages.
"""

import re
from functools import singledispatchmethod
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from .fold import fold
from .fold import summary as fold_summary
from .theme import page_summary

INDENT = re.compile(r"\n(?=[^\n])")
# The last line of a statement of several, in a session.
STATEMENT = re.compile(r"^\.\.\. .*(?=\n(?!\.\.\.)|\Z)", re.M)
ADDRESS = re.compile(r"(?P<page>[\w./-]+)\.html(#.*)?")
NOT_PAGES = {"genindex", "search", "404"}


def fence(text):
    """Return a fence that is longer than any in the text.

    >>> from cookbook.site.markdown import fence
    >>> fence("print()"), fence("````{note}")
    ('```', '`````')
    """
    longest = max((len(ticks) for ticks in re.findall("`{3,}", text)), default=2)
    return "`" * (longest + 1)


def interpreted(text):
    """Return a session as an interpreter shows it: an empty line ends a statement.

    >>> from cookbook.site.markdown import interpreted
    >>> interpreted(">>> if 1:\\n...     print(2)\\n2\\n>>> 3\\n3")
    '>>> if 1:\\n...     print(2)\\n...\\n2\\n>>> 3\\n3'
    """
    return STATEMENT.sub(r"\g<0>\n...", text)


class Markdown:
    """Writes the nodes of one page; `root` leads from the page to the site's top."""

    def __init__(self, root=""):
        self.root, self.depth = root, 0

    def blocks(self, node):
        """Return the children of a node, an empty line between them."""
        parts = [self.block(child) for child in node.children]
        return "\n\n".join(part for part in parts if part.strip())

    def inline(self, node):
        """Return the children of a node on one line."""
        return "".join(self.span(child) for child in node.children)

    @singledispatchmethod
    def block(self, node):
        only_text = all(isinstance(c, nodes.Text | nodes.Inline) for c in node.children)
        return self.inline(node) if only_text else self.blocks(node)

    @block.register
    def _(self, node: nodes.Invisible | nodes.raw | addnodes.index):
        return ""

    @block.register
    def _(self, node: nodes.Text | nodes.Inline):
        return self.span(node)

    @block.register
    def _(self, node: nodes.section):
        self.depth += 1
        text = self.blocks(node)
        self.depth -= 1
        return text

    @block.register
    def _(self, node: nodes.title):
        text = self.inline(node)
        heading = isinstance(node.parent, nodes.section)  # Or the title of a note.
        return f"{'#' * self.depth} {text}" if heading else f"**{text}**"

    @block.register
    def _(self, node: nodes.rubric | fold_summary | addnodes.desc_signature):
        return f"**{self.inline(node).strip()}**"

    @block.register
    def _(self, node: nodes.literal_block):
        text, language = node.astext().rstrip(), node.get("language", "")
        text = interpreted(text) if language == "pycon" else text
        mark = fence(text)
        return f"{mark}{language}\n{text}\n{mark}"

    @block.register
    def _(self, node: nodes.bullet_list):
        return self.items(node, lambda n: "- ")

    @block.register
    def _(self, node: nodes.enumerated_list):
        return self.items(node, lambda n: f"{n}. ")

    def items(self, node, mark):
        lines = []
        for n, item in enumerate(node.children, 1):
            text = self.blocks(item).replace("\n\n- ", "\n- ")
            lines.append(mark(n) + INDENT.sub("\n" + " " * len(mark(n)), text))
        return "\n".join(lines)

    @block.register
    def _(self, node: nodes.definition_list_item):
        term, definition = self.inline(node[0]), self.blocks(node[-1])
        return f"**{term}**\n\n{definition}"

    @block.register
    def _(self, node: nodes.block_quote | nodes.Admonition):
        return "> " + self.blocks(node).replace("\n", "\n> ")

    @block.register
    def _(self, node: fold | addnodes.desc):
        return self.blocks(node)

    @block.register
    def _(self, node: nodes.paragraph):
        # The facts of a stamp stand beside each other, with nothing between them.
        gap = " · " if "stamp" in node.parent.get("classes", ()) else ""
        return gap.join(self.span(child) for child in node.children)

    @block.register
    def _(self, node: nodes.field):
        return f"- {node[0].astext()}: {self.blocks(node[1])}"

    @block.register
    def _(self, node: nodes.table):
        rows = [
            [self.blocks(entry).replace("\n", " ").replace("|", "\\|") for entry in row]
            for row in node.findall(nodes.row)
        ]
        rows.insert(1, ["---"] * len(rows[0]))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    @singledispatchmethod
    def span(self, node):
        return self.inline(node)

    @span.register
    def _(self, node: addnodes.desc_parameterlist):
        return f"({', '.join(self.span(child) for child in node.children)})"

    @span.register
    def _(self, node: nodes.Text):
        return node.astext()

    @span.register
    def _(self, node: nodes.raw | nodes.Invisible | addnodes.index):
        return ""

    @span.register
    def _(self, node: nodes.literal):
        return f"`{node.astext()}`"

    @span.register
    def _(self, node: nodes.strong):
        return f"**{self.inline(node)}**"

    @span.register
    def _(self, node: nodes.emphasis):
        return f"*{self.inline(node)}*"

    @span.register
    def _(self, node: nodes.image):
        return f"![{node.get('alt', '')}]({node['uri']})"

    @span.register
    def _(self, node: nodes.reference):
        text, address = self.inline(node), node.get("refuri", "")
        page = ADDRESS.fullmatch(address)
        if page and page["page"].rpartition("/")[2] not in NOT_PAGES:
            address = f"{page['page']}.md"
        return f"[{text}]({address})" if text and address[:1] not in ("", "#") else text

    @span.register
    def _(self, node: addnodes.download_reference):
        text = self.inline(node)
        file = node.get("filename")
        return f"[{text}]({self.root}_downloads/{file})" if file else text


def write_page(app, name, template, context, doctree):
    """Write the Markdown of a page beside its HTML."""
    if doctree is None or app.builder.name != "html":
        return
    writer = Markdown("../" * name.count("/"))
    file = Path(app.outdir, f"{name}.md")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(writer.blocks(doctree) + "\n")
    context["twin"] = f"{name.rpartition('/')[2]}.md"


def contents(env, name):
    """Yield the pages below one, in the order of reading, each once."""
    for child in env.toctree_includes.get(name, []):
        yield child
        yield from contents(env, child)


def chapters(env):
    """Yield `(caption, pages)` as the navigation has them."""
    for tree in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
        pages = [p for top in tree["includefiles"] for p in (top, *contents(env, top))]
        yield tree["caption"] or "Pages", list(dict.fromkeys(pages))


def write_index(app, error):
    """Write `llms.txt`, the contents, and `llms-full.txt`, all pages in one file."""
    if error or app.builder.name != "html":
        return
    env, root = app.env, app.config.root_doc
    lines = [f"# {app.config.project}", f"> {page_summary(env, root)}"]
    order = [root]
    for caption, pages in chapters(env):
        lines.append(f"## {caption}")
        lines.append("\n".join(
            f"- [{env.titles[page].astext()}]({page}.md): {page_summary(env, page)}"
            for page in pages
        ))  # fmt: skip
        order += pages
    out = Path(app.outdir)
    (out / "llms.txt").write_text("\n\n".join(lines) + "\n")
    texts = [f"<!-- {page}.md -->\n\n{(out / page).with_suffix('.md').read_text()}"
             for page in dict.fromkeys(order)]  # fmt: skip
    (out / "llms-full.txt").write_text("\n".join(texts))


def setup(app):
    app.connect("html-page-context", write_page, priority=800)
    app.connect("build-finished", write_index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
