"""What has been verified: written by pytest, shown by Sphinx on every page.

A stamp is fresh as long as the page, its recipe, the house and the versions are
what they were when it was made. Where a page first shows a file, a line says what ran,
where and when; every other block has a mark that leads to the foot of the page.
"""

import functools
import hashlib
import json
import os
import platform
from collections import Counter, defaultdict
from datetime import date
from importlib.metadata import version
from pathlib import Path

from docutils import nodes
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
    harness = COOKBOOK.glob("harness/*.py")
    files = [*COOKBOOK.glob("*.py"), *(p for p in harness if p.name[:5] != "test_")]
    return _digest([*sorted(files), ROOT / "conftest.py", ROOT / "constraints.txt"])


@functools.cache
def everything():
    """Return what a rule of the house, and the reading of all pages, rests on."""
    hosts = [ROOT / name for name in (".github", ".ci", ".readthedocs.yaml")]
    docs = [path for path in (ROOT / "docs").iterdir() if path.name != "_build"]
    top = [path for path in ROOT.glob("[!.]*") if path.is_file()]  # No .coverage.
    return _digest([*hosts, COOKBOOK, *sorted(docs), *sorted(top)])


def house():
    """Return what a page's reading rests on, besides the page and what it shows."""
    return _house() + _digest([COOKBOOK / "site", ROOT / "docs/conf.py"])


@functools.cache
def digest(path):
    """Return what a module's or page's verification rests on, in sixteen letters."""
    if path.name.startswith("test_"):
        return everything()
    if path.suffix == ".md":
        mine = [path, *(r.path for r in recipes() if r.page == path)]
    else:
        recipe = owner(path)
        mine = [recipe.path if recipe else path]
        if recipe and recipe.section == "evidence":  # It reads the files of its answer.
            mine += [r.path for r in recipes() if r.name == recipe.name]
    return _house() + _digest(mine)


def load():
    """Return `{file: {"digest": ..., "parts": {part: facts}}}` of all that has run."""
    return json.loads(FILE.read_text()) if FILE.exists() else {}


@functools.cache
def earlier():
    """Return what earlier runs have verified, read once for all files of this run."""
    return load()


def save(runs, costs=None):
    """Add what a run verified; facts of None say that a part failed.

    `costs` is `{(file, name): cost}`.
    """
    record = load()
    for name, parts in runs.items():
        now = digest(ROOT / name)
        entry = record.setdefault(name, {"digest": now, "parts": {}})
        if entry["digest"] != now:
            entry |= {"digest": now, "parts": {}}
        entry["parts"] |= parts
        if parts.keys() - {"sphinx"} or "date" not in entry:  # It is of the blocks.
            entry["date"] = date.today().isoformat()
        entry["parts"] = {k: v for k, v in entry["parts"].items() if v is not None}
    for (name, part), cost in (costs or {}).items():
        if name in record:
            record[name].setdefault("costs", {})[part] = cost
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(record, indent=1, sort_keys=True))
    earlier.cache_clear()


def fresh(record, path):
    """Return what has run of a file since it was last changed: `{part: facts}`."""
    entry = record.get(path.relative_to(ROOT).as_posix())
    if not entry or not path.exists() or entry["digest"] != digest(path):
        return {}
    return entry["parts"]


def totals(record):
    """Return what the site stands on, counted from the fresh stamps alone."""
    counts = Counter(
        pages=0, executed=0, parsed=0, commands=0, modules=0, examples=0, tests=0,
        clusters=0, seconds=0,
    )  # fmt: skip
    for name in record:
        parts = fresh(record, ROOT / name)
        if name != "README.md":
            kind = "pages" if name.endswith(".md") else "modules"
            counts[kind] += "sphinx" in parts or any(parts.values())
        for facts in parts.values():
            counts.update({k: v for k, v in facts.items() if k in counts})
            if "language" in facts:
                counts["parsed" if "checker" in facts else "executed"] += 1
    counts["seconds per recipe"] = counts["seconds"] / max(1, len(recipes()))
    return {what: round(count) for what, count in counts.items()}


class stamp(nodes.container):
    """What stands under a block, or at a page's foot."""


class Total(SphinxRole):
    """A figure of what has been verified: {run}`executed`."""

    def run(self):
        return [nodes.inline(self.text, self.text, classes=["run-total"])], []


def names(blocks):
    """Return a name for each block: its line, numbered where a line has several."""
    lines = [block.line or block.parent.line or 0 for block in blocks]
    for number, line in enumerate(lines):
        before = lines[:number].count(line)
        yield f"{line}.{before + 1}" if before else str(line)


def add_stamps(app, doctree):
    """Put a stamp, still without its facts, under every block and at the foot."""
    sources = set()
    blocks = list(doctree.findall(nodes.literal_block))
    for block, name in zip(blocks, names(blocks), strict=True):
        block.rawsource = block.astext().rstrip()  # Includes end in blank lines.
        block[:] = [nodes.Text(block.rawsource)]
        source = Path(block.get("source") or "page.md").resolve()
        line = stamp(name=name, first=source not in sources)
        if source.suffix != ".md":
            sources.add(source)
            line["file"] = source.relative_to(ROOT).as_posix()
        block.parent.insert(block.parent.index(block) + 1, line)
    if blocks:
        last = doctree[-1] if isinstance(doctree[-1], nodes.section) else doctree
        last += stamp(blocks=len(blocks))


def _run(record, page, node):
    """Return (what was done, where) for one block, or nothing where it is not fresh."""
    mine = fresh(record, page).get(node["name"])
    if not mine:
        return None
    path = ROOT / node.get("file", "typed")
    if path.suffix != ".py":
        count = mine.get("commands")
        what = (
            f"{count} command{'s' * (count > 1)} typed into a terminal" if count
            else "printed by the terminal above" if "printed" in mine
            else "read by its own parser"
        )  # fmt: skip
        return what, set()
    recipe = owner(path)
    if not recipe:
        return "part of every run", set()
    # A module without an example of its own runs in those of its recipe.
    examples = [path] if has_example(path) else recipe.modules
    if not any(map(has_example, examples)):  # Files alone: their experiment ran them.
        examples = [m for r in recipes() if r.name == recipe.name for m in r.modules]
    facts = [one for module in examples for one in fresh(record, module).values()]
    # A rule of the house, which a page may show too, runs on no server.
    places = {place for one in facts for place in one.get("on", ["Python alone"])}
    if not facts:  # Settings alone run in the project of the page's terminals.
        return None if any(map(has_example, examples)) else ("read as literals", places)
    return "ran on " + ", ".join(sorted(places)), places


@functools.cache
def _verified(_):
    """Return what has run and its totals, once for the pages of one build."""
    record = load()
    return record, totals(record)


def remove_outdated(app):
    """Remove the pages that have to be written again, which Sphinx would not see.

    Pytest has read them again, or their stamps have changed, or they show totals.
    """
    if app.builder.format != "html":
        return
    facts = Path(app.doctreedir, "stamps.json")
    before = json.loads(facts.read_text()) if facts.exists() else {}
    record, runs, now = load(), defaultdict(list), {}
    for file in sorted(record):
        path = ROOT / file
        recipe = owner(path)
        parts = {k: v for k, v in fresh(record, path).items() if k != "sphinx"}
        run = file, parts, record[file].get("date")
        runs[recipe.page if recipe else path].append(run)
    for page in Path(app.srcdir).rglob("*.md"):
        name = page.relative_to(app.srcdir).with_suffix("").as_posix()
        now[name] = hashlib.sha256(repr(runs[page]).encode()).hexdigest()[:16]
        html = Path(app.builder.get_outfilename(name))
        tree = Path(app.doctreedir, f"{name}.doctree")
        if html.exists() and tree.exists():
            is_read = tree.stat().st_mtime > html.stat().st_mtime
            has_totals = "{run}`" in page.read_text("utf-8")
            if is_read or has_totals or before.get(name) != now[name]:
                html.unlink()
    facts.parent.mkdir(parents=True, exist_ok=True)
    facts.write_text(json.dumps(now))


def fill_stamps(app, doctree, docname):
    if app.builder.name == "dummy":  # Pytest is reading the pages.
        return
    record, counts = _verified(app.config.verified)
    page = Path(app.env.doc2path(docname)).resolve()
    day = record.get(page.relative_to(ROOT).as_posix(), {}).get("date", "")
    versions = "Python {python} · Django {django} · Django-Q2 {django-q2}".format(
        **VERSIONS
    )
    places, foot = set(), None
    for node in list(doctree.findall(stamp)):
        if "blocks" in node:
            foot = node
            continue
        run = _run(record, page, node)
        if not run:
            why = "not run since it was last changed; nox -s docs runs it"
            log.warning("block at line %s: %s", node["name"], why, location=docname)
            node.replace_self(_line(why, "stale"))
            continue
        what, where = run
        places |= where
        if "file" in node and node["first"]:
            node.replace_self(
                _line(f"{node['file']} · {what} · {versions}", "first", day=day)
            )
        else:
            node.replace_self(_line("", "mark", what))
    if foot:
        on = f" on {', '.join(sorted(places))}" if places else ""
        count = foot["blocks"]
        blocks = "1 block of this page was" if count == 1 else (
            f"{count} blocks of this page were"
        )  # fmt: skip
        line = _line(f"{blocks} run or read{on} · {versions}", "foot", day=day)
        line["ids"].append("verified")
        foot.replace_self(line)
    for node in doctree.findall(nodes.inline):
        if "run-total" in node["classes"]:
            node.children = [nodes.Text(f"{counts[node.astext()]:,}")]


def _line(text, kind, title="", day=""):
    """Return a line of the page; a mark is a link to its foot."""
    line = nodes.container(classes=["stamp", kind])
    inner = nodes.inline(text, text)
    if day:
        inner += [nodes.Text(" · "), nodes.inline(day, day, classes=["day"])]
    if kind == "mark":
        inner = nodes.reference("", "✓", refuri="#verified", reftitle=title)
    line += nodes.paragraph("", "", inner)
    return line


def setup(app):
    app.add_node(stamp)
    app.add_role("run", Total())
    app.connect("doctree-read", add_stamps)
    app.connect("doctree-resolved", fill_stamps)
    app.connect("builder-inited", remove_outdated)
    app.add_config_value("verified", _digest([FILE]) if FILE.exists() else "", "")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
