"""Every block of every page, read back from Sphinx as the reader will see it."""

import io
import os
import pickle
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sphinx
from docutils import nodes
from docutils.core import publish_doctree
from filelock import FileLock
from myst_parser.docutils_ import Parser
from sphinx.application import Sphinx

from cookbook.catalogue import ROOT
from cookbook.site import stamps
from cookbook.site.fold import fold

# Where Sphinx complains: `path:line: WARNING: text`, the line not always known.
COMPLAINT = re.compile(r"^(?P<page>/.+?\.md):(?P<text>.*)$", re.M)


@dataclass(frozen=True)
class Block:
    """One literal block: `source` is the included file, or None where it was typed."""

    page: Path
    line: int
    name: str
    language: str
    text: str
    source: Path | None
    is_folded: bool = False

    def __str__(self):
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def _blocks(page, doctree):
    literals = list(doctree.findall(nodes.literal_block))
    folds = doctree.findall(fold)
    folded = {id(b) for each in folds for b in each.findall(nodes.literal_block)}
    for block, name in zip(literals, stamps.names(literals), strict=True):
        # MyST gives a fence without a label no language, or Sphinx its default.
        label = [c for c in block.get("classes", []) if c != "code"]
        language = block.get("language") or (label[0] if label else "default")
        source = Path(block.get("source") or page).resolve()
        included = source if source != page else None
        line = block.line or block.parent.line or 0
        is_folded, text = id(block) in folded, block.astext()
        yield Block(page, line, name, language, text, included, is_folded)


@cache
def read(docs=ROOT / "docs"):
    """Return `{page: blocks}` and `{page: warnings}` for a folder of pages.

    The first process of a run that asks lets Sphinx read; the others are told.
    """
    store = Path(os.environ["COOKBOOK_RUN"]) / "pages.pickle"
    (docs / "_build").mkdir(exist_ok=True)
    with FileLock(docs / "_build/doctrees.lock"):
        if not store.exists():
            store.write_bytes(pickle.dumps(_read(docs)))
    return pickle.loads(store.read_bytes())


def _read(docs):
    """Let Sphinx read; `sphinx-build` goes on with what is kept of it.

    What was read is kept, but not what Sphinx said of it. So a page with a warning is
    read again, and so is everything that other code or other versions have read.
    """
    trees, warnings = docs / "_build/doctrees", io.StringIO()
    whole, now = trees / "whole", sphinx.__version__ + stamps.house()
    if not whole.exists() or whole.read_text() != now:
        shutil.rmtree(trees, ignore_errors=True)
    whole.unlink(missing_ok=True)
    site = Sphinx(
        docs, docs, docs / "_build/dummy", trees, "dummy",
        confoverrides={"nitpicky": True},
        status=None, warning=warnings,
    )  # fmt: skip
    site.build()
    blocks = {}
    for name in sorted(site.env.found_docs):
        page = Path(site.env.doc2path(name)).resolve()
        blocks[page] = list(_blocks(page, site.env.get_doctree(name)))
    readme = docs.parent / "README.md"
    blocks[readme] = list(_blocks(readme, publish_doctree(
        readme.read_text(), str(readme), parser=Parser(),
        settings_overrides={"report_level": 5, "syntax_highlight": "none"},
    )))  # fmt: skip
    faults = complaints(warnings.getvalue(), docs)
    for page in faults.keys() & blocks.keys():
        (trees / page.relative_to(docs)).with_suffix(".doctree").unlink()
    if docs / "index.md" not in faults:  # It also has what belongs to no page.
        whole.write_text(now)
    return blocks, faults


def complaints(warnings, docs):
    """Return `{page: lines}` of what Sphinx said; what has no page is the index's."""
    lines = defaultdict(list)
    for line in re.sub(r"\x1b\[[\d;]*m", "", warnings).splitlines():
        place = COMPLAINT.match(line)
        lines[Path(place["page"]) if place else docs / "index.md"].append(line)
    return dict(lines)
