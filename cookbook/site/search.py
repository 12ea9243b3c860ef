"""The search of the site, and how to ask it without a browser.

`docs/_static/search.js` ranks the index that Sphinx makes of the pages. Here the same
file runs in an embedded V8.
"""

import json
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import IndexBuilder, js_index
from sphinx.util.docutils import docutils_namespace

from cookbook.catalogue import ROOT

DOCS = ROOT / "docs"
QUERIES = Path(__file__).with_name("queries.txt")
SCRIPTS = ("synonyms.js", "search.js")


def queries(text):
    """Return `{query: pages}` of the lines `query -> page, page`; # is a comment.

    >>> from cookbook.site.search import queries
    >>> queries("# log lines\\ncron every day -> reference/schedules, start/tutorial")
    {'cron every day': ['reference/schedules', 'start/tutorial']}
    """
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    pairs = [line.split(" -> ") for line in lines]
    return {query: pages.split(", ") for query, pages in pairs}


def build_index(docs, build):
    """Return the search index of the pages in `docs` as Sphinx writes it.

    `build` has the folder `doctrees` of an earlier build; what is fresh in it is not
    read again.
    """
    with docutils_namespace():
        app = Sphinx(
            docs, docs, build / "out", build / "doctrees", "dummy",
            confoverrides={"nitpicky": True}, status=None, warning=None,
        )  # fmt: skip
        app.build()
        index = IndexBuilder(app.env, "en", {}, "")
        for name in sorted(app.env.found_docs):
            title = app.env.titles[name].astext()
            doctree = app.env.get_and_resolve_doctree(name, app.builder, tags=app.tags)
            index.feed(name, app.env.doc2path(name, base=False), title, doctree)
        return index.freeze(), index.context_for_searchtool()


class Engine:
    """`search.js` with an index. The browser runs the same lines."""

    def __init__(self, index, language):
        from py_mini_racer import MiniRacer  # The site itself is built without it.

        self.racer = MiniRacer()
        stopwords = language["search_language_stop_words"]
        self.racer.eval(f"var window = globalThis, stopwords = new Set({stopwords});")
        self.racer.eval(language["search_language_stemming_code"])
        for script in SCRIPTS:
            self.racer.eval((DOCS / "_static" / script).read_text())
        self.racer.eval(f"{js_index.dumps(index)}; null")

    def ask(self, query, most=3):
        """Return the names of the best pages, the best first."""
        call = f"JSON.stringify(rank(Search.ready, {json.dumps(query)}))"
        return [result["name"] for result in json.loads(self.racer.eval(call))][:most]


@cache
def engine():
    """Return the search of the pages of this site, as they were read last."""
    return Engine(*build_index(DOCS, DOCS / "_build"))


def write_summaries(app, error):
    """Write what the page of results says of each page."""
    if not error and app.builder.format == "html":
        from .theme import page_summary

        summaries = {name: page_summary(app.env, name) for name in app.env.found_docs}
        text = f"const SUMMARIES = {json.dumps(summaries, sort_keys=True)};\n"
        Path(app.outdir, "_static/summaries.js").write_text(text)


def setup(app):
    app.connect("build-finished", write_summaries)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
