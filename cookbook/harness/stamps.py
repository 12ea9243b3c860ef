"""What has been verified: written by pytest, shown by Sphinx under every block.

A stamp is fresh as long as the page, its recipe, the house and the versions are
what they were when it was made.
"""

import functools
import hashlib
import json
import os
import platform
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from cookbook.catalogue import COOKBOOK, ROOT, has_example, owner, recipes

FILE = Path(os.environ.get("STAMPS", ROOT / "docs/_build/verified.json"))
VERSIONS = {
    "python": platform.python_version(),
    "django": version("django"),
    "django-q2": version("django-q2"),
}
log = logging.getLogger(__name__)


def _digest(paths):
    total = hashlib.sha256(repr(VERSIONS).encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(file.read_bytes())
    return total.hexdigest()[:16]


@functools.cache
def _house():
    files = [*COOKBOOK.glob("*.py"), *COOKBOOK.glob("harness/*.py")]
    return _digest([*sorted(files), ROOT / "conftest.py", ROOT / "constraints.txt"])


@functools.cache
def digest(path):
    """Return what a module's or page's verification rests on, in sixteen letters."""
    if path.suffix == ".md":
        mine = [path, *(r.path for r in recipes() if r.page == path)]
    else:
        recipe = owner(path)
        mine = [recipe.path if recipe else path]
    return _house() + _digest(mine)


def load():
    """Return `{file: {"digest": ..., "parts": {part: facts}}}` of all that has run."""
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def save(ran, costs=None):
    """Add what a run verified; facts of None say that a part failed.

    `costs` is `{(file, name): cost}`.
    """
    told = load()
    for name, parts in ran.items():
        now = digest(ROOT / name)
        known = told.setdefault(name, {"digest": now, "parts": {}})
        if known["digest"] != now:
            known |= {"digest": now, "parts": {}}
        known["parts"] |= parts
        known["parts"] = {k: v for k, v in known["parts"].items() if v is not None}
    for (name, part), cost in (costs or {}).items():
        if name in told:
            told[name].setdefault("costs", {})[part] = cost
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(told, indent=1, sort_keys=True))


def fresh(told, path):
    """Return what has run of a file since it was last changed: `{part: facts}`."""
    known = told.get(path.relative_to(ROOT).as_posix())
    if not known or not path.exists() or known["digest"] != digest(path):
        return {}
    return known["parts"]


def totals(told):
    """Return what the site stands on, counted from the fresh stamps alone."""
    counts = Counter(
        pages=0, blocks=0, commands=0, modules=0, examples=0, clusters=0, seconds=0
    )
    for name in told:
        parts = fresh(told, ROOT / name)
        counts["pages" if name.endswith(".md") else "modules"] += bool(parts)
        for facts in parts.values():
            counts.update({k: v for k, v in facts.items() if k in counts})
            counts["blocks"] += "language" in facts
    counts["seconds per recipe"] = counts["seconds"] / max(1, len(recipes()))
    return {what: round(count) for what, count in counts.items()}


class stamp(nodes.container):  # noqa: N801  docutils writes its classes small.
    """The line under a block."""


class Total(SphinxRole):
    """A figure of what has been verified: {run}`blocks`."""

    def run(self):
        return [nodes.inline(self.text, self.text, classes=["run-total"])], []


def add_stamps(app, doctree):
    """Put a stamp, still without its facts, under every block, and the download."""
    for block in list(doctree.findall(nodes.literal_block)):
        block.rawsource = block.astext().rstrip()  # Includes end in blank lines.
        block[:] = [nodes.Text(block.rawsource)]
        source = Path(block.get("source") or "page.md").resolve()
        line = stamp(line=block.line or 0)
        if source.suffix != ".md":
            shown = source.relative_to(ROOT).as_posix()
            line["file"] = shown
            line += addnodes.download_reference(
                "", "", nodes.literal(shown, shown),
                reftarget=f"/../{shown}", refdoc=app.env.docname,
            )  # fmt: skip
        block.parent.insert(block.parent.index(block) + 1, line)


def _facts(told, page, node):
    """Return what to say of one block, or nothing where its stamp is not fresh."""
    mine = fresh(told, page).get(str(node["line"]))
    if not mine:
        return []
    path = ROOT / node.get("file", "typed")
    if path.suffix != ".py":
        count = mine.get("commands")
        what = (
            f"{count} command{'s' * (count > 1)} typed into a terminal" if count
            else "printed by the terminal above" if "printed" in mine
            else "read by its own parser"
        )  # fmt: skip
        return [what, f"{mine['seconds']:.1f} s"]
    recipe = owner(path)
    if not recipe:
        return ["part of every run"]
    # A module without an example of its own runs in those of its recipe.
    examples = [path] if has_example(path) else recipe.modules
    ran = [facts for module in examples for facts in fresh(told, module).values()]
    if not ran:
        return []
    places = sorted({place for facts in ran for place in facts["on"]}, reverse=True)
    slowest = max(facts["seconds"] for facts in ran)
    return [f"ran on {', '.join(places)}", f"{slowest:.1f} s"]


@functools.cache
def _verified(_):
    """Return what has run and its totals, once for the pages of one build."""
    told = load()
    return told, totals(told)


def fill_stamps(app, doctree, docname):
    if app.builder.name == "dummy":  # Pytest is reading the pages.
        return
    told, counted = _verified(app.config.verified)
    page = Path(app.env.doc2path(docname)).resolve()
    for node in list(doctree.findall(stamp)):
        facts = _facts(told, page, node)
        if facts:
            facts += [f"{name} {VERSIONS[name]}" for name in ("django-q2", "django")]
        else:
            facts = ["not run since it was last changed; nox -s docs runs it"]
            log.warning("block at line %s: %s", node["line"], *facts, location=docname)
        line = nodes.container(classes=["stamp", *(["stale"] * (len(facts) == 1))])
        line += nodes.paragraph("", "", *node.children)
        for fact in facts:
            line[0] += nodes.inline(fact, fact)
        node.replace_self(line)
    for node in doctree.findall(nodes.inline):
        if "run-total" in node["classes"]:
            node.children = [nodes.Text(f"{counted[node.astext()]:,}")]


def setup(app):
    app.add_node(stamp)
    app.add_role("run", Total())
    app.connect("doctree-read", add_stamps, priority=400)  # Downloads come at 500.
    app.connect("doctree-resolved", fill_stamps)
    # After a new run every page is written again.
    app.add_config_value("verified", _digest([FILE]) if FILE.exists() else "", "html")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
