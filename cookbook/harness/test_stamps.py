"""What a run has verified is what the pages say."""

import json
import os
import sys
from types import ModuleType, SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

from cookbook.catalogue import ROOT, Recipe, recipes
from cookbook.harness import collect
from cookbook.site import figures, stamps

PAGE = "docs/explanation/how-these-pages-stay-true.md"
MODULE = "cookbook/explanation/how_these_pages_stay_true.py"
HTML = SimpleNamespace(
    builder=SimpleNamespace(name="html"),
    env=SimpleNamespace(doc2path=lambda name: f"{ROOT}/docs/{name}.md"),
    config=SimpleNamespace(),
)


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Return a function that says what stands under the blocks of a page."""
    monkeypatch.setattr(stamps, "FILE", tmp_path / "verified.json")

    def lines(*blocks, **arguments):
        document = new_document("page")
        document += nodes.inline("executed", "executed", classes=["run-total"])
        document += nodes.inline("other", "other")
        for block in blocks:
            document += stamps.stamp(name=block, **{"first": True} | arguments)
        document += stamps.stamp(blocks=len(blocks))
        HTML.config.verified = object()  # Each call is a build of its own.
        stamps.fill_stamps(HTML, document, "explanation/how-these-pages-stay-true")
        return [
            next((r["reftitle"] for r in p.findall(nodes.reference)), p.astext())
            for p in document.findall(nodes.paragraph)
        ]

    return lines


def test_a_fresh_stamp_says_what_ran(page):
    stamps.save({
        PAGE: {
            "3": {"language": "console", "commands": 1, "seconds": 2},
            "4": {"language": "console", "commands": 2, "seconds": 2},
            "5": {"language": "output", "printed": True, "seconds": 2},
            "6": {"language": "ini", "checker": "ini", "seconds": 2},
        },
        MODULE: {"SQLite": {"examples": 2, "on": ["SQLite", "Redis"], "seconds": 3}},
    })  # fmt: skip
    assert page("3")[0] == "1 command typed into a terminal"
    assert page("4")[0] == "2 commands typed into a terminal"
    assert page("5")[0] == "printed by the terminal above"
    line = page("6", file="a.ini")[0]
    assert line.startswith("a.ini · read by its own parser · Python 3")
    line, foot = page("6", file=MODULE)
    assert line.startswith(f"{MODULE} · ran on Redis, SQLite · Python 3")
    assert "1 block of this page was run or read on Redis, SQLite" in foot
    assert page("6", file=MODULE, first=False)[0] == "ran on Redis, SQLite"
    assert " · part of every run · " in page("6", file="conftest.py")[0]
    counts = stamps.totals(stamps.load())
    assert (counts["commands"], counts["executed"], counts["parsed"]) == (3, 3, 1)


def test_files_alone_are_stamped_by_their_experiment(page):
    stamps.save({
        PAGE: {"6": {"language": "python", "seconds": 2}},
        "cookbook/evidence/docker/start.py": {
            "SQLite": {"examples": 2, "on": ["PostgreSQL"], "seconds": 3},
        },
    }, {("no/such.py", "SQLite"): {"cpu": 1, "seconds": 1}})  # fmt: skip
    file = "cookbook/deploy/docker/settings.py"
    assert " · ran on PostgreSQL · " in page("6", file=file)[0]
    stamps.save({PAGE: {"sphinx": {"seconds": 1}}})  # It leaves the day as it was.
    assert " · ran on PostgreSQL · " in page("6", file=file)[0]


def test_a_page_without_blocks_has_no_foot(tmp_path, monkeypatch):
    monkeypatch.setattr(stamps, "FILE", tmp_path / "verified.json")
    HTML.config.verified, document = object(), new_document("page")
    stamps.fill_stamps(HTML, document, "explanation/how-these-pages-stay-true")
    assert not document.children


def test_the_readme_is_no_page(page):
    facts = {"language": "console", "commands": 1, "seconds": 2}
    stamps.save({"README.md": {"3": facts}, PAGE: {"3": facts}})
    counts = stamps.totals(stamps.load())
    assert (counts["pages"], counts["executed"]) == (1, 2)


def test_a_block_that_has_not_run_says_so(page):
    assert page("3")[0].startswith("not run since it was last changed")
    stamps.save({PAGE: {"3": {"language": "python", "seconds": 1}}})
    assert page("3", file=MODULE)[0].startswith("not run")


def test_a_change_or_a_failure_takes_the_stamp_away(page, monkeypatch):
    facts = {"language": "console", "commands": 1, "seconds": 2}
    stamps.save({PAGE: {"3": facts, "4": facts}})
    stamps.save({PAGE: {"3": None}})
    assert page("3")[0].startswith("not run")
    assert page("4")[0].startswith("1 command")
    monkeypatch.setattr(stamps, "digest", lambda path: "another")
    assert page("4")[0].startswith("not run")
    stamps.save({PAGE: {"3": facts}})
    assert page("3")[0].startswith("1 command")


def test_pages_are_written_again_when_they_have_to(tmp_path, monkeypatch):
    monkeypatch.setattr(stamps, "FILE", tmp_path / "verified.json")
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    for name in ("docs/one.md", "docs/two.md", "docs/new.md", "one.html", "two.html",
                 "one.doctree", "two.doctree"):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    app = SimpleNamespace(
        builder=SimpleNamespace(
            format="html", get_outfilename=lambda name: tmp_path / f"{name}.html"
        ),
        doctreedir=tmp_path, outdir=tmp_path, srcdir=tmp_path / "docs",
    )  # fmt: skip

    def rewritten():
        for name in ("one", "two"):
            (tmp_path / f"{name}.html").touch()
        stamps.remove_outdated(app)
        return [n for n in ("one", "two") if not (tmp_path / f"{n}.html").exists()]

    assert rewritten() == ["one", "two"]  # Nothing is known of them.
    assert rewritten() == []
    stamps.save({"docs/one.md": {"3": {"seconds": 1}}})
    assert rewritten() == ["one"]
    (tmp_path / "docs/two.md").write_text("{run}`pages`")
    assert rewritten() == ["two"]
    (tmp_path / "docs/two.md").write_text("")
    os.utime(tmp_path / "two.doctree", (2e9, 2e9))  # Read again, in 2033.
    assert rewritten() == ["two"]
    app.builder.format = "text"
    assert rewritten() == []


def test_sphinx_highlights_a_block_without_its_last_blank_lines():
    document, block = new_document("page"), nodes.literal_block("a\n\n", "a\n\n")
    document += block
    page = SimpleNamespace(env=SimpleNamespace(docname="page"))
    stamps.add_stamps(page, document)
    # Sphinx leaves a block plain whose text is not that of its source.
    assert block.rawsource == block.astext() == "a"
    assert isinstance(document[1], stamps.stamp)


def test_only_what_changed_runs_again(page, request, monkeypatch):
    monkeypatch.setattr(request.config.option, "changed", True)
    module, readme = ROOT / "cookbook/upstream.py", ROOT / "README.md"
    module = collect.Module.from_parent(request.session, path=module)
    readme = collect.Page.from_parent(request.session, path=readme)
    assert [item.name for item in module.collect()] == ["SQLite"]
    names = [item.name for item in readme.collect()]
    assert names[0] == "sphinx"
    assert len(names) > 4
    stamp = {"seconds": 1}
    before = {"blocks": len(names) - 1, "all": "before"}
    stamps.save({"README.md": dict.fromkeys(names, stamp) | {"sphinx": before}})
    stamps.save({"cookbook/upstream.py": {"SQLite": stamp}})
    assert [item.name for item in readme.collect()] == ["sphinx"]
    assert list(module.collect()) == []
    now = {"blocks": len(names) - 1, "all": stamps.everything()}
    stamps.save({"README.md": {"sphinx": now}})
    assert list(readme.collect()) == []
    stamps.save({"README.md": {names[1]: None}})  # It failed.
    assert [item.name for item in readme.collect()] == names


def test_an_unexpected_error_keeps_its_traceback(request):
    item = collect.Reading.from_parent(request.session, name="x")
    item.path = ROOT / "README.md"
    with pytest.raises(KeyError) as error:
        raise KeyError
    assert str(item.repr_failure(error)).endswith("KeyError")
    with pytest.raises(AssertionError) as error:
        raise AssertionError("it printed 3")
    assert item.repr_failure(error) == "README.md, read by Sphinx\nit printed 3"


def test_figures_become_a_table_and_a_chart(tmp_path, monkeypatch):
    module = ModuleType("cookbook.evidence.fake")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    recipe = Recipe(tmp_path / "evidence" / "fake.py")
    recipe.path.parent.mkdir()
    recipe.path.write_text('"""Measure nothing."""\n')
    with pytest.raises(SystemExit, match="measures nothing"):
        figures.write(recipe)
    recipe.path.write_text("def measure(): ...\n")
    recipe = Recipe(recipe.path)  # What it has read is kept.
    monkeypatch.setenv("COOKBOOK_RUN", os.environ["COOKBOOK_RUN"])  # Put back after.
    rows = [{"workers": "one", "tasks": 5}, {"workers": "two", "tasks": 10}]
    module.measure = lambda: {"rows": rows, "chart": ["workers", "tasks"]}
    written = json.loads(figures.write(recipe).read_text())
    assert written["versions"]["django-q2"] == stamps.VERSIONS["django-q2"]
    assert figures.table(rows).splitlines()[1:3] == ["| --- | ---: |", "| one | 5 |"]
    assert 'width="95"' in figures.chart(rows, "workers", "tasks")
    module.measure = lambda: {"rows": rows}
    figures.write(recipe)
    with pytest.raises(SystemExit, match="no quick size"):
        figures.write(recipe, quick=True)
    module.QUICK = [{"workers": 1, "tasks": None}, {"workers": 2, "tasks": 3}]
    module.measure = lambda size: ({"rows": [row]} for row in size)
    quick = figures.write(recipe, quick=True, path=tmp_path / "quick.json")
    assert json.loads(quick.read_text())["rows"] == module.QUICK[1:]
    assert figures.text(None) == "-"
    monkeypatch.setattr(figures, "COOKBOOK", tmp_path)
    assert "chart" not in figures.substitutions()["fake"]


def test_a_module_that_would_be_misread(request, monkeypatch):
    module = next(r for r in recipes() if "Q_CLUSTER" in r.settings()).modules[0]
    file = collect.Module.from_parent(request.session, path=module)
    item = collect.Example.from_parent(file, name="SQLite")
    monkeypatch.setattr(Recipe, "settings", lambda *_: {"Q_CLUSTER": {"worker": 1}})
    monkeypatch.setattr(Recipe, "is_copyable", True)
    with pytest.raises(AssertionError, match="Call it 'workers'"):
        item.verify()
