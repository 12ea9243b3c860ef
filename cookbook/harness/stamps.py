"""What a run has verified: written by pytest, shown by Sphinx under every block."""

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxRole

from cookbook.catalogue import ROOT, owner

FILE = ROOT / "docs/_build/verified.json"
VERSIONS = {
    "python": platform.python_version(),
    "django": version("django"),
    "django-q2": version("django-q2"),
}


def digest(*paths):
    """Return a short name of the contents of files and folders, and of the versions."""
    total = hashlib.sha256(repr(VERSIONS).encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(file.read_bytes())
    return total.hexdigest()[:16]


def digest_of(path):
    """Return the digest of a module's recipe, or of a page and its recipe."""
    if path.suffix == ".md":
        name = path.stem.replace("-", "_")
        folder = ROOT / "cookbook" / path.parent.name
        found = [p for p in (folder / name, folder / f"{name}.py") if p.exists()]
        return digest(path, *found)
    recipe = owner(path)
    return digest(recipe.path if recipe else path)


def load():
    return json.loads(FILE.read_text()) if FILE.exists() else {"ran": {}, "totals": {}}


def save(ran, totals):
    """Add what a run verified to what earlier runs did. `totals` only of a whole run."""
    told = load()
    for path, blocks in ran.items():
        now, known = digest_of(ROOT / path), told["ran"].get(path, {})
        if known.get("digest") != now:
            known = {"digest": now, "blocks": {}}
        known["blocks"] |= blocks
        told["ran"][path] = known
    told["totals"] = totals or told["totals"]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(told, indent=1, sort_keys=True))


def fresh(told, path):
    """Return what ran of a file since it was last changed: `{name: facts}`."""
    known = told["ran"].get(path.relative_to(ROOT).as_posix(), {})
    return known["blocks"] if known.get("digest") == digest_of(path) else {}


class stamp(nodes.container):  # noqa: N801  docutils writes node classes small.
    """The line under a block."""


class Total(SphinxRole):
    """A figure of the last whole run: {run}`blocks`."""

    def run(self):
        return [nodes.inline(self.text, self.text, classes=["run-total"])], []


def add_stamps(app, doctree):
    """Put an empty stamp, with its download, under every block."""
    page = app.env.doc2path(app.env.docname)
    for block in list(doctree.findall(nodes.literal_block)):
        place = block.parent if isinstance(block.parent, nodes.container) else block
        line = stamp(classes=["stamp"], line=block.line or block.parent.line or 0)
        source = Path(block.get("source") or page)
        if source.suffix != ".md":
            path = ROOT / source
            line["file"] = str(path.resolve())
            shown = path.resolve().relative_to(ROOT).as_posix()
            line += addnodes.download_reference(
                "", "", nodes.literal(shown, shown),
                reftarget=f"/../{shown}", refdoc=app.env.docname,
            )  # fmt: skip
        place.parent.insert(place.parent.index(place) + 1, line)


def _facts(told, page, node):
    """Return what to say of one block, in the order in which it is read."""
    mine = fresh(told, page).get(str(node["line"]))
    if "file" not in node or not node["file"].endswith(".py"):
        if not mine:
            return ["not run since it was last changed"]
        kind = (
            f"typed into a terminal, {mine['commands']} commands"
            if "commands" in mine
            else "seen in a terminal" if "printed" in mine else "read by its own parser"
        )
        return [kind, f"{mine['seconds']:.1f} s"]
    path = Path(node["file"])
    recipe = owner(path)
    examples = [fresh(told, m) for m in recipe.modules] if recipe else []
    ran = {k: v for example in examples for k, v in example.items()}
    if not ran:
        return [] if not recipe and told["totals"] else ["not run since it was last changed"]
    seconds = max(facts["seconds"] for facts in ran.values())
    return [f"ran on {', '.join(ran)}", f"{seconds:.1f} s"]


def fill_stamps(app, doctree, docname):
    told = load()
    page = ROOT / "docs" / app.env.doc2path(docname, base=False)
    for node in list(doctree.findall(stamp)):
        facts = _facts(told, page, node)
        facts += [f"django-q2 {VERSIONS['django-q2']}", f"Django {VERSIONS['django']}"]
        text = " · ".join(facts)
        holder = nodes.container(classes=["stamp"])
        holder += nodes.paragraph("", "", *node.children, nodes.inline("", (" · " if node.children else "") + text))
        node.replace_self(holder)
    for node in doctree.findall(nodes.inline):
        if "run-total" in node["classes"]:
            value = str(told["totals"].get(node.astext(), "no"))
            node.children = [nodes.Text(value)]


def setup(app):
    app.add_node(stamp)
    app.add_role("run", Total())
    app.connect("doctree-read", add_stamps, priority=400)
    app.connect("doctree-resolved", fill_stamps)
    # A new run writes every page again.
    app.add_config_value("verified", digest(FILE) if FILE.exists() else "", "html")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
