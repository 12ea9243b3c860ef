"""What `cookbook new` begins is green at once, and nothing is overwritten."""

import shutil
import subprocess
import sys

import pytest

from cookbook import __main__
from cookbook.catalogue import ROOT
from cookbook.site import starter

HOUSE = ("conftest.py", "pyproject.toml", "constraints.txt")


@pytest.fixture
def house(tmp_path):
    """Return a copy of the house without a recipe or a page."""
    for name in HOUSE:
        shutil.copy(ROOT / name, tmp_path)
    cookbook, docs = tmp_path / "cookbook", tmp_path / "docs"
    ignored = shutil.ignore_patterns("__pycache__", "test_*", "_build")
    for name in ("harness", "site", "qdoctor"):
        shutil.copytree(ROOT / "cookbook" / name, cookbook / name, ignore=ignored)
    for file in (ROOT / "cookbook").glob("*.py"):
        shutil.copy(file, cookbook)
    for name in ("_static", "_templates"):
        shutil.copytree(ROOT / "docs" / name, docs / name)
    for name in ("conf.py", "redirects.json"):
        shutil.copy(ROOT / "docs" / name, docs)
    (tmp_path / "README.md").write_text("# A house\n")
    contents = "```{toctree}\n\nrecipes/index\nevidence/index\n```\n"
    (docs / "index.md").write_text(f"# A house\n\n{contents}")
    for section in ("recipes", "evidence"):
        (docs / section).mkdir()
        text = f"# {section}\n\n```{{toctree}}\n:maxdepth: 1\n\n```\n"
        (docs / section / "index.md").write_text(text)
    return tmp_path


def test_a_beginning_is_green(house):
    for place in ("recipes/rate-limit", "evidence/rate-limit"):
        assert starter.begin(*place.split("/"), root=house)
    command = [sys.executable, "-m", "pytest", "-q", "--on", "SQLite"]
    done = subprocess.run(
        [*command, "cookbook/recipes", "cookbook/evidence", "docs"],
        cwd=house, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert "failed" not in done.stdout, done.stdout
    assert "passed" in done.stdout, done.stdout + done.stderr
    for section in ("recipes", "evidence"):
        entry = (house / f"docs/{section}/index.md").read_text()
        assert "\nRate limit <rate-limit>\n```" in entry


@pytest.mark.parametrize(
    ("section", "name", "why"),
    [
        ("recipe", "rate-limit", "there is no section 'recipe'"),
        ("recipes", "rate limit", "is not a name that Python can import"),
        ("recipes", "my.limit", "is not a name that Python can import"),
        ("recipes", "qdrain", "exists and was left as it is"),
    ],
)
def test_a_name_that_cannot_be(section, name, why):
    with pytest.raises(ValueError, match=why):
        starter.begin(section, name)


def test_the_command(monkeypatch, capsys):
    monkeypatch.setattr(starter, "begin", lambda *place: ["/".join(place)])
    options = __main__.parser().parse_args(["new", "recipes/rate-limit"])
    options.action(options)
    assert capsys.readouterr().out == "wrote recipes/rate-limit\n"
    with pytest.raises(SystemExit):
        __main__.parser().parse_args(["new", "rate-limit"])
    assert "names no section" in capsys.readouterr().err
    monkeypatch.undo()
    with pytest.raises(SystemExit, match="there is no section"):
        options = __main__.parser().parse_args(["new", "a/b"])
        options.action(options)
