"""What `cookbook new` begins is green at once, and nothing is overwritten."""

import subprocess
import sys

import pytest

from cookbook import __main__
from cookbook.explanation.how_these_pages_stay_true import lay_house
from cookbook.site import starter


def test_a_beginning_is_green(tmp_path):
    house = lay_house(tmp_path / "house", "recipes", "evidence")
    for place in ("recipes/rate-limit", "evidence/rate-limit"):
        assert starter.begin(*place.split("/"), root=house)
    command = [sys.executable, "-m", "pytest", "-q", "--on", "SQLite"]
    process = subprocess.run(
        [*command, "cookbook/recipes", "cookbook/evidence", "docs"],
        cwd=house, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert "failed" not in process.stdout, process.stdout
    assert "passed" in process.stdout, process.stdout + process.stderr
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
    assert "is not SECTION/NAME" in capsys.readouterr().err
    monkeypatch.undo()
    options = __main__.parser().parse_args(["new", "a/b"])
    with pytest.raises(SystemExit, match="there is no section"):
        options.action(options)
