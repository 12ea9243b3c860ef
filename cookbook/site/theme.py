"""What the site adds to Furo: nothing inline, names for its landmarks, a page foot.

A page obeys `Content-Security-Policy: default-src 'self'`. What Furo writes inline is
replaced by name; what a page brings inline moves into a file of that page.
"""

import posixpath
import re
from datetime import UTC, datetime
from functools import partial
from html import escape
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from urllib.parse import urlparse

from docutils import nodes
from jinja2 import pass_context
from sphinx import addnodes
from sphinx.errors import ExtensionError

OFFICIAL = {
    "Django-Q2's documentation": "https://django-q2.readthedocs.io/",
    "Django's documentation": "https://docs.djangoproject.com/",
}
SEARCH_LINK = """<a class="search-link" href="{search}" aria-label="Search">
<svg viewBox="0 0 24 24" aria-hidden="true"><use href="#svg-search"></use></svg></a>"""
SEARCH_ICON = """<symbol id="svg-search" viewBox="0 0 24 24">
<path d="M10 4a6 6 0 1 0 3.5 10.9l5.3 5.3 1.4-1.4-5.3-5.3A6 6 0 0 0 10 4zm0 2a4 4 0 1 1
0 8 4 4 0 0 1 0-8z"/></symbol>
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg"'
# What Furo writes, and what obeys the policy or has a name for a screen reader.
FURO = {
    f'{SVG} style="display: none;">': f'{SVG} class="icons">{SEARCH_ICON}',
    'style="opacity: 50%"': 'opacity="0.5"',
    '<aside class="sidebar-drawer"': '<aside aria-label="Site" class="sidebar-drawer"',
    '<aside class="toc-drawer': '<aside aria-label="Page" class="toc-drawer',
    'class="content-icon-container"': 'role="region" aria-label="Tools" '
    'class="content-icon-container"',
    '<div class="header-right">': f'<div class="header-right">{SEARCH_LINK}',
}
INLINE = re.compile(
    r"<(?P<tag>script|style)(?P<label>(?:\s(?![^>]*\bsrc=)[^>]*)?)>(?P<text>.*?)</(?P=tag)>",
    re.S,
)
STYLE = re.compile(r'(?P<tag><[a-zA-Z][^<>]*?)\sstyle="(?P<rule>[^"]*)"')
# A table whose first column needs no name has no header there, but a cell.
EMPTY = re.compile(r"<th[^>]*>(<p>\s*</p>)?</th>")
# An entry of the contents that a section's own page shows.
ENTRY = re.compile(
    r'<li class="toctree-l1"><a class="reference internal" '
    r'href="(?P<page>[^"#]+)\.html">.*?</a>'
)


def replace_all(html, replacements):
    """Replace phrases of the theme. Raises ExtensionError for one that is not there.

    >>> from cookbook.site.theme import replace_all
    >>> replace_all("<b>", {"<b>": "<strong>"})
    '<strong>'
    >>> replace_all("<b>", {"<i>": "<em>"})
    Traceback (most recent call last):
        ...
    sphinx.errors.ExtensionError: Furo writes no '<i>' any more; see cookbook.site.theme
    """
    for old, new in replacements.items():
        if old not in html:
            raise ExtensionError(f"Furo writes no {old!r} any more; see {__name__}")
        html = html.replace(old, new)
    return html


def move_inline(html, name):
    """Return the page without inline code, and the files that hold it: `{name: text}`.

    >>> from cookbook.site.theme import move_inline
    >>> html = '<p style="color: red">Hi</p><script>go()</script>'
    >>> page, files = move_inline(html, "p/a")
    >>> page
    '<p data-style="0">Hi</p><script src="{p/a.0.js}"></script>'
    >>> files
    {'p/a.0.js': 'go()', 'p/a.css': '[data-style="0"] { color: red }\\n'}

    The address of a file stands in braces. Data that is no script stays where it is.

    >>> move_inline('<script type="application/json">{}</script>', "p/a")[1]
    {}
    """
    files, rules = {}, []

    def move(match):
        if "json" in match["label"]:
            return match[0]
        script = match["tag"] == "script"
        file = f"{name}.{len(files)}.{'js' if script else 'css'}"
        files[file] = match["text"]
        if script:
            return f'<script{match["label"]} src="{{{file}}}"></script>'
        return f'<link rel="stylesheet" href="{{{file}}}">'

    def mark(match):
        if match["rule"] not in rules:
            rules.append(match["rule"])
        return f'{match["tag"]} data-style="{rules.index(match["rule"])}"'

    html = STYLE.sub(mark, INLINE.sub(move, html))
    if rules:
        files[f"{name}.css"] = "".join(
            f'[data-style="{n}"] {{ {rule} }}\n' for n, rule in enumerate(rules)
        )
    return html, files


class Theme:
    """The filter of the templates, and what they may say."""

    def __init__(self, app):
        self.app = app

    @pass_context
    def strict(self, context, html):
        """Make the body of a page obey the policy, and name its landmarks."""
        pathto = context["pathto"]
        html = replace_all(html, FURO)
        html = html.replace('href="{search}"', f'href="{pathto("search")}"')
        html, files = move_inline(html, f"_static/pages/{context['pagename']}")
        for name, text in files.items():
            file = Path(self.app.outdir, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            html = html.replace(f"{{{name}}}", pathto(name, 1))
            if name.endswith(".css") and name not in html:
                html = f'<link rel="stylesheet" href="{pathto(name, 1)}">{html}'
        return html

    def fill(self, app, name, template, context, doctree):
        """Give a page's template its foot, its summary and only what it uses."""
        tree = context["furo_navigation_tree"] or ""
        # Sphinx calls a caption a heading and does not say of which level.
        context["furo_navigation_tree"] = tree.replace(' role="heading"', "")
        body = context.get("body") or ""
        body = EMPTY.sub("<td></td>", body.replace(' role="heading"', ""))
        # A picture of the other colour scheme is not drawn, so it is never loaded.
        body = body.replace("<img ", '<img loading="lazy" ')
        context["body"] = ENTRY.sub(partial(introduce, app.env, name), body)
        context["summary"] = page_summary(app.env, name)
        context["official"] = OFFICIAL
        context["repository"] = app.config.site_repository
        context["built"] = datetime.now(UTC).strftime("%-d %B %Y")
        context["versions"] = ", ".join([
            f"Python {python_version()}",
            f"Django {version('django')}",
            f"Django-Q2 {version('django-q2')}",
        ])  # fmt: skip
        if 'class="sd-' not in body:
            drop_design(context)


def introduce(env, name, match):
    """Let the first sentence of a page follow its title in a section's contents."""
    page = posixpath.normpath(posixpath.join(posixpath.dirname(name), match["page"]))
    text = escape(page_summary(env, page))
    return f'{match[0]}<span class="entry-summary">{text}</span>' if text else match[0]


def drop_design(context):
    """Leave out the style sheet and the script of cards, which few pages have."""
    for kind in "css_files", "script_files":
        context[kind] = [
            file
            for file in context[kind]
            if not re.search("sphinx-design|design-tabs", str(file.filename))
        ]


def summary(doctree):
    """Return the first sentences of a page, whole, up to about 160 letters.

    The title of another page is not read yet; its name stands in braces for it.
    """
    first = next(
        (p for p in doctree.findall(nodes.paragraph)
         if isinstance(p.parent, nodes.section | nodes.document)),
        None,
    )  # fmt: skip
    if first is None:
        return ""
    first = first.deepcopy()
    for link in list(first.findall(addnodes.pending_xref)):
        if link["reftype"] == "doc" and not link["refexplicit"]:
            link.replace_self(nodes.Text(f"{{{link['reftarget'].strip('/')}}}"))
    sentences = re.split(r"(?<=[.!?:])\s+(?=[A-Z`])", " ".join(first.astext().split()))
    text = sentences[0]
    for sentence in sentences[1:]:
        if len(text) + len(sentence) > 160:
            break
        text += f" {sentence}"
    return text


def page_summary(env, name):
    """Return the summary of a page, with the titles of the pages that it names."""

    def title(match):
        return env.titles[match[1]].astext() if match[1] in env.titles else match[1]

    return re.sub(r"\{([\w/-]+)\}", title, env.metadata[name].get("summary", ""))


def keep_summary(app, doctree):
    app.env.metadata[app.env.docname]["summary"] = summary(doctree)


def configure(app, config):
    """Fill in what follows from the address of the site and of its repository."""
    # A page that is not found can be asked for under any address of the site.
    config.notfound_urls_prefix = urlparse(config.html_baseurl).path or "/"
    config.notfound_template = "404.html"
    if config.site_repository:
        config.html_theme_options |= {
            "source_repository": config.site_repository,
            "source_branch": config.site_branch,
            "source_directory": "docs/",
        }


def setup(app):
    app.add_config_value("site_repository", "", "env", str)
    app.add_config_value("site_branch", "main", "html", str)
    for file in ("type.js", "cookbook.js"):
        app.add_js_file(file, defer="defer", priority=800)
    app.connect("config-inited", configure, priority=400)
    app.connect("doctree-read", keep_summary)
    theme = Theme(app)
    app.connect("builder-inited", lambda app: add_filter(app, theme))
    app.connect("html-page-context", theme.fill, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_filter(app, theme):
    templates = getattr(app.builder, "templates", None)
    if templates:  # The dummy builder, which reads for pytest, has none.
        templates.environment.filters["strict"] = theme.strict
