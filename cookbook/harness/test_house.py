"""The rules of the house: one name for a page and its module, nothing on no page."""

import ast
import re

import pytest

from cookbook.catalogue import COOKBOOK, ROOT, SECTIONS, has_example, recipes
from cookbook.harness import checks, pages
from cookbook.site import figures
from cookbook.site.stamps import VERSIONS

HOUSE = ROOT / "docs/explanation/how-these-pages-stay-true.md"
PAGES = sorted(page for s in SECTIONS for page in (ROOT / "docs" / s).glob("*.md"))
RECIPES = recipes()


def shown_on(page):
    blocks, _ = pages.read()
    return {block.source for block in blocks.get(page, []) if block.source}


def is_code(module):
    """A module that a person wrote, and that holds more than words and imports."""
    plain = ast.Expr | ast.Import | ast.ImportFrom
    body = [
        node
        for node in ast.parse(module.read_text()).body
        if type(node) not in plain.__args__
    ]
    return bool(body) and module.parent.name != "migrations"


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}"
)
def test_every_page_has_its_module(page):
    assert page.stem == "index" or page in {recipe.page for recipe in RECIPES}, (
        f"{page.relative_to(ROOT)} has no module; write "
        f"cookbook/{page.parent.name}/{page.stem.replace('-', '_')}.py"
    )


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda r: f"{r.section}/{r.name}")
def test_every_module_is_on_its_page(recipe):
    assert recipe.page.exists(), (
        f"{recipe.path.relative_to(ROOT)} is on no page; write "
        f"{recipe.page.relative_to(ROOT)} and show it there"
    )
    shown = shown_on(recipe.page)
    hidden = [m.name for m in recipe.modules if is_code(m) and m not in shown]
    assert not hidden, f"{recipe.page.name} does not show {', '.join(hidden)}"
    strange = [
        str(path.relative_to(ROOT))
        for path in shown
        if recipe.path not in (path, *path.parents) and recipe.page != HOUSE
    ]
    assert not strange, f"{recipe.page.name} shows another's {', '.join(strange)}"


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda r: f"{r.section}/{r.name}")
def test_every_recipe_runs_and_says_what_it_needs(recipe):
    assert any(map(has_example, recipe.modules)), (
        f"{recipe.path.name} has no doctest; add one that shows it work"
    )
    assert recipe.summary.endswith("."), f"{recipe.path.name}: begin with one sentence"
    missing = [need for need in recipe.needs if need not in recipe.page.read_text()]
    assert not missing, f"{recipe.page.name} does not say that it needs {missing}"


def test_the_house_is_shown():
    own = [*COOKBOOK.glob("*.py"), *COOKBOOK.glob("harness/*.py"), ROOT / "conftest.py"]
    hidden = set(filter(is_code, own)) - shown_on(HOUSE)
    assert not hidden, f"{HOUSE.name} does not show {sorted(p.name for p in hidden)}"


def test_includes_go_by_name():
    for page in ROOT.glob("docs/**/*.md"):
        banned = re.search(
            r"^:(lines|emphasize-lines|lineno-match):", page.read_text(), re.M
        )
        assert not banned, (
            f"{page.name}: {banned[0]} drifts in silence; include by name"
        )


def test_crontabs_are_read_strictly():
    files = list(COOKBOOK.glob("*/*/crontab"))
    assert files, "no crontab was found; a page shows one"
    for file in files:
        checks.crontab(file.read_text())


def test_figures_are_of_this_release():
    for name, measure in figures.substitutions().items():
        assert measure["versions"]["django-q2"] == VERSIONS["django-q2"], (
            f"measure again: nox -s bench -- {name.replace('_', '-')}"
        )


def test_glue_is_small():
    for name, most in {
        "conftest.py": 100,
        "noxfile.py": 120,
        "docs/conf.py": 80,
    }.items():
        lines = [
            line for line in (ROOT / name).read_text().splitlines() if line.strip()
        ]
        assert len(lines) < most, f"{name} has {len(lines)} lines; {most} are too many"
