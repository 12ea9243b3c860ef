"""The rules of the house: what a section may hold, and what a page may show."""

import ast
import builtins
import io
import json
import re
import runpy
import symtable
import zipfile
from collections import Counter

import pytest

from cookbook import languages, take
from cookbook.catalogue import (
    COOKBOOK,
    ROOT,
    SECTIONS,
    has_example,
    is_settings,
    recipes,
)
from cookbook.harness import pages
from cookbook.site.stamps import VERSIONS

HOUSE = ROOT / "docs/explanation/how-these-pages-stay-true.md"
PAGES = sorted(page for s in SECTIONS for page in (ROOT / "docs" / s).glob("*.md"))
RECIPES = recipes()
COPIES = [recipe for recipe in RECIPES if recipe.is_for_copying]
# Where a reader looks for proof; everywhere else it is folded.
PROOF = ("evidence", "explanation")
# What a name says here is a thing or an action, and not what became of it.
PARTICIPLES = {
    "done", "found", "given", "kept", "known", "left", "lost", "ran", "said", "seen",
    "sent", "shown", "taken", "told",
}  # fmt: skip


def name(thing):
    return f"{thing.section}/{thing.name}" if hasattr(thing, "section") else (
        f"{thing.parent.name}/{thing.stem}"
    )  # fmt: skip


def blocks_of(page):
    blocks, _ = pages.read()
    return blocks.get(page, [])


def is_code(module):
    """A module that a person wrote, and that holds more than words and imports."""
    plain = ast.Expr | ast.Import | ast.ImportFrom
    body = [
        node
        for node in ast.parse(module.read_text()).body
        if type(node) not in plain.__args__
    ]
    is_written = module.parent.name != "migrations" and not is_settings(module)
    return bool(body) and is_written


@pytest.mark.parametrize("recipe", RECIPES, ids=name)
def test_every_module_is_on_its_page(recipe):
    """Its own page shows all of it; a recipe's tests may stay in its folder."""
    assert recipe.page.exists(), (
        f"{recipe.path.relative_to(ROOT)} is on no page; write "
        f"{recipe.page.relative_to(ROOT)} and show it there"
    )
    parts = recipe.page.parent.glob(f"{recipe.name}-*.md")
    pages = (recipe.page, ROOT / "docs/evidence" / recipe.page.name, *parts)
    sources = {block.source for page in pages for block in blocks_of(page)}
    hidden = [m.name for m in recipe.modules if is_code(m) and m not in sources]
    hidden = [module for module in hidden if module != "tests.py"]
    assert not hidden, f"{recipe.page.name} does not show {', '.join(hidden)}"


@pytest.mark.parametrize("recipe", RECIPES, ids=name)
def test_every_recipe_runs_and_says_what_it_needs(recipe):
    modules = [module for module in recipe.modules if not is_settings(module)]
    suites = [module for module in modules if module.name == "tests.py"]
    assert not modules or suites or any(map(has_example, modules)), (
        f"{recipe.path.name} has no doctest; add one that shows it work"
    )
    if recipe.main.exists():
        assert recipe.summary.endswith("."), (
            f"{recipe.path.name}: begin with one sentence"
        )


@pytest.mark.parametrize("recipe", COPIES, ids=name)
def test_what_is_copied_uses_nothing_of_the_cookbook(recipe):
    for module in recipe.modules:
        text = module.read_text()
        others = set(re.findall(r"\bcookbook(?:\.\w+)+", text))
        others = {
            one for one in others if not f"{one}.".startswith(f"{recipe.package}.")
        }
        assert not others, (
            f"{module.relative_to(ROOT)} uses {', '.join(sorted(others))}; what is "
            "copied has only Django, Django-Q2 and what its page names"
        )
        assert "# noqa" not in text, f"{module.name} is shown with a mark of the linter"


@pytest.mark.parametrize("recipe", COPIES, ids=name)
def test_settings_are_merged(recipe, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of a container")
    monkeypatch.setenv("ALLOWED_HOSTS", "localhost")
    for module in recipe.modules:
        assigned = re.search(r"^Q_CLUSTER = ", module.read_text(), re.M)
        assert not assigned or is_settings(module), (
            f"{module.relative_to(ROOT)} sets Q_CLUSTER; move it to settings.py"
        )
    for settings in filter(is_settings, recipe.modules):
        runpy.run_path(settings)  # They are literals, and shown.
    text = take.settings(recipe)
    assert "Q_CLUSTER = " not in text, "two recipes would overwrite one another"
    for settings in filter(is_settings, recipe.modules):
        strange = {"name"} & recipe.settings().get("Q_CLUSTER", {}).keys()
        assert not strange, f"{settings.name} renames the queue of its reader"
    if "DATABASES" in text:
        assert "sqlite" in recipe.name, f"{recipe.name} prints options of SQLite"


@pytest.mark.parametrize("recipe", COPIES, ids=name)
def test_an_archive_holds_the_whole_recipe(recipe):
    with zipfile.ZipFile(io.BytesIO(take.archive(recipe))) as archive:
        packed = {path.partition("/")[2] or path for path in archive.namelist()}
    folder = recipe.path if recipe.path.is_dir() else recipe.path.parent
    files = {path for path in recipe.files if not is_settings(path)}
    assert packed == {path.relative_to(folder).as_posix() for path in files}


def test_names_are_unique_among_copies():
    names = Counter(recipe.name for recipe in COPIES)
    assert [one for one, count in names.items() if count > 1] == []


def assigned(text):
    """Yield the names that a module gives to what it holds."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(
            node.ctx, ast.Store
        ):
            yield getattr(node, "id", "") or node.attr


def test_names_are_nouns_and_verbs():
    glue = [ROOT / "conftest.py", ROOT / "noxfile.py", ROOT / "docs/conf.py"]
    for path in [*COOKBOOK.rglob("*.py"), *glue]:
        names = {name.strip("_") for name in assigned(path.read_text())}
        assert not names & PARTICIPLES, (
            f"{path.relative_to(ROOT)}: {names & PARTICIPLES}"
        )


def test_a_name_that_is_a_participle():
    text = "def told(known): self.ran = seen = 1"
    assert set(assigned(text)) == {"told", "known", "ran", "seen"} <= PARTICIPLES


def test_files_are_shown_whole():
    for page in [ROOT / "README.md", ROOT / "docs/index.md", *PAGES]:
        include = re.search(
            r"\{literalinclude\}.*|^:(start|end)-\w+:.*", page.read_text()
        )
        assert not include, (
            f"{page.name}: {include[0]} cuts a file; show it whole with {{recipe}}, or "
            "its story with {session}"
        )


LINK = re.compile(r"{doc}`[^`<>]+`")


def long_links(line):
    """Yield the links of a line that put the title of a page into a sentence.

    A title is right alone: in a list, in a cell, after a colon, or as a sentence.
    """
    for link in LINK.finditer(line):
        before, after = line[: link.start()], line[link.end() :]
        if re.search(r"^\s*[-*] $", before):
            alone = re.match(r":|$", after)
        elif re.search(r"(^|\s)\| $", before):
            alone = after.startswith(" |")
        else:
            others = re.search(r"[:.] ({doc}`[^`]*`(, | and ))*$", before)
            ends = re.match(r"[.)]*(\s(?=[A-Z|])|$)|(,| and) {doc}", after)
            alone = others and ends
        if not alone:
            yield link[0]


def test_a_link_in_a_sentence_has_words_of_its_own():
    for page in [ROOT / "docs/index.md", *PAGES]:
        links = [
            link for ln in page.read_text().splitlines() for link in long_links(ln)
        ]
        assert not links, (
            f"{page.relative_to(ROOT)}: write a few words for {', '.join(links)}, "
            "as {doc}`the checker </reference/check-your-q-cluster>`"
        )


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("as {doc}`/deploy/platforms` says", 1),
        ("{doc}`/deploy/platforms` has the seconds.", 1),
        ("as {doc}`the platforms page </deploy/platforms>` says", 0),
        ("- {doc}`/deploy/platforms`: the seconds", 0),
        ("- {doc}`/deploy/platforms` has the seconds", 1),
        ("| {doc}`/deploy/platforms` | 30 |", 0),
        ("| see {doc}`/deploy/platforms` | 30 |", 1),
        ("Its seconds: {doc}`/deploy/platforms`.", 0),
        ("Its seconds: {doc}`/deploy/platforms` and {doc}`/deploy/docker`. Then", 0),
        ("Its seconds: {doc}`/deploy/platforms` has them", 1),
        ("Set the seconds. {doc}`/deploy/platforms`", 0),
        ("Set the seconds. {doc}`/deploy/platforms` has them", 1),
    ],
)
def test_a_link_that_has_no_words_of_its_own(line, count):
    assert len(list(long_links(line))) == count


def test_the_harness_is_seen_where_proof_is():
    for page in PAGES:
        if page.parent.name in PROOF:
            continue
        open_blocks = [b for b in blocks_of(page) if not b.is_folded]
        strays = [str(b) for b in open_blocks if "cookbook.harness" in b.text]
        assert not strays, (
            f"the harness stands before the reader in {', '.join(strays)}"
        )


def undefined(text):
    """Return the names that a piece of Python uses and does not define.

    >>> undefined("from os import path")
    set()
    """
    table = symtable.symtable(text, "block", "exec")
    defined = {s.get_name() for s in table.get_symbols() if s.is_assigned()}
    defined |= {s.get_name() for s in table.get_symbols() if s.is_imported()}
    defined |= set(dir(builtins)) | {"__file__", "__name__", "__package__"}
    used, tables = set(), [table]
    while tables:
        one = tables.pop()
        tables += one.get_children()
        used |= {
            s.get_name()
            for s in one.get_symbols()
            if s.is_referenced() and (s.is_global() or one is table)
        }
    return used - defined


def stands_alone(block):
    lines = block.text.splitlines()
    if block.language == "pycon":
        lines = [line[4:] for line in lines if line.startswith((">>> ", "... ", "..."))]
    # Django's settings and routes are there already; a box adds to them.
    there = {"DATABASES", "INSTALLED_APPS", "MIDDLEWARE", "Q_CLUSTER", "urlpatterns"}
    try:
        return not undefined("\n".join(lines)) - there
    except SyntaxError:
        return False


def test_blocks_stand_alone():
    blocks = [b for page in PAGES for b in blocks_of(page)]
    blocks = [b for b in blocks if b.language in ("python", "pycon")]
    fail = [str(block) for block in blocks if not stands_alone(block)]
    share = 1 - len(fail) / len(blocks)
    assert share >= 0.95, f"{share:.0%} of {len(blocks)} stand alone; not {fail}"


def test_a_block_that_does_not_stand_alone():
    assert undefined("import os\nprint(os.getcwd())") == set()
    assert undefined("result(task)") == {"result", "task"}
    block = pages.Block(HOUSE, 1, "1", "pycon", ">>> result(task)\n3", None)
    assert not stands_alone(block)
    assert not stands_alone(pages.Block(HOUSE, 1, "1", "python", "else:", None))


def test_shown_code_has_no_mark_of_the_linter():
    blocks = [b for page in PAGES for b in blocks_of(page)]
    marks = [str(b) for b in blocks if re.search(r"  # noqa\b", b.text)]
    assert not marks, f"give the reason in pyproject.toml instead: {marks}"


def test_crontabs_are_read_strictly():
    files = list(COOKBOOK.glob("*/*/crontab"))
    assert files, "no crontab was found; a page shows one"
    for file in files:
        languages.crontab(file.read_text())


def test_figures_are_of_this_release():
    for path in sorted(COOKBOOK.glob("*/*.json")):
        measure = json.loads(path.read_text())
        assert measure["versions"]["django-q2"] == VERSIONS["django-q2"], (
            f"measure again: nox -s bench -- {path.stem.replace('_', '-')}"
        )


def test_glue_is_small():
    for path, most in {
        "conftest.py": 100,
        "noxfile.py": 120,
        "docs/conf.py": 80,
    }.items():
        text = (ROOT / path).read_text()
        lines = [line for line in text.splitlines() if line.strip()]
        assert len(lines) < most, f"{path} has {len(lines)} lines; {most} are too many"
    harness = [p for p in COOKBOOK.glob("harness/*.py") if p.name[:5] != "test_"]
    lines = [ln for p in harness for ln in p.read_text().splitlines() if ln.strip()]
    assert len(lines) <= 1700, f"the harness has {len(lines)} lines"
