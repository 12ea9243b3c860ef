"""What a reader takes works in the reader's project, alone and with all the rest."""

import os
import subprocess
import sys

import pytest

from cookbook import take
from cookbook.catalogue import ROOT, Recipe, find, recipes
from cookbook.harness.projects import lay_copy
from cookbook.harness.servers import workspace

COPIES = [recipe for recipe in recipes() if recipe.is_for_copying and recipe.modules]


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_all_recipes_in_one_project(database):
    copies = {f"my_{r.path.stem}": r for r in COPIES if database in r.databases()}
    suites = [name for name, recipe in copies.items() if has_tests(recipe)]
    with workspace({}, database) as environment:
        project = lay_copy(copies, environment)
        project.manage("check")
        project.manage("makemigrations", "--check", "--dry-run")
        project.manage("test", "--noinput", *suites)


def has_tests(recipe):
    return (recipe.path / "tests.py").exists()


def cookbook(folder, *arguments):
    """Run the cookbook's command in a folder, as a reader with a checkout would."""
    process = subprocess.run(
        [sys.executable, "-m", "cookbook", *map(str, arguments)],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return process.stdout


def test_a_copy_has_the_name_that_its_reader_gives(tmp_path):
    assert 'INSTALLED_APPS += ["shop.drain"]' in cookbook(
        tmp_path, "copy", "qdrain", "shop.drain"
    )
    texts = [file.read_text() for file in (tmp_path / "shop/drain").rglob("*.py")]
    assert any("from shop.drain.counts import count" in text for text in texts)
    assert not any("cookbook" in text for text in texts)
    assert "my/drain" not in cookbook(tmp_path, "copy", "qdrain", "my/drain")
    assert (tmp_path / "my/drain/apps.py").exists()


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("my-drain", "is not a name that Python can import"),
        ("1drain", "is not a name that Python can import"),
        ("with space", "is not a name that Python can import"),
        ("žofie", "is not a name that Python can import"),
        ("", "is not a name that Python can import"),
        ("class", "is a word of Python"),
        ("django_q", "is the name of an installed package"),
        ("json", "is a module of Python"),
        ("../drain", "is not below this folder"),
        ("/tmp/drain", "is not below this folder"),
        ("there", "exists and was left as it is"),
        ("file/drain", "cannot be written"),
    ],
)
def test_a_name_that_cannot_be(tmp_path, monkeypatch, target, why):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=why):
        take.copy(find("qdrain"), target)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "there"]


def test_a_module_and_files_that_are_no_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module = tmp_path / "cookbook/wait.py"
    module.parent.mkdir()
    module.write_text('"""Wait."""\n')
    monkeypatch.setattr(Recipe, "package", "cookbook.wait")
    assert take.copy(Recipe(module), "shop.wait_a_little") == "shop.wait_a_little"
    assert (tmp_path / "shop/wait_a_little.py").read_text() == '"""Wait."""\n'
    with pytest.raises(ValueError, match="name the module, like"):
        take.copy(Recipe(module), "shop")
    files = tmp_path / "units"
    files.mkdir()
    (files / "shop.service").write_text("[Service]\n")
    take.copy(Recipe(files), "etc/systemd")
    assert (tmp_path / "etc/systemd/shop.service").read_text() == "[Service]\n"


def test_the_command_answers_in_sentences(tmp_path):
    assert "is not for copying; read it on its page" in cookbook(
        tmp_path, "copy", "how-these-pages-stay-true"
    )
    assert "did you mean: " in cookbook(tmp_path, "show", "qdrian")
    assert "# qdrain/management/commands/qdrain.py\n" in cookbook(
        tmp_path, "show", "qdrain"
    )
    assert "qdrain" in cookbook(tmp_path, "list")
    assert "exists and was left" not in cookbook(tmp_path, "copy", "qdrain")
    assert "exists and was left" in cookbook(tmp_path, "copy", "qdrain")
    assert "Then run" not in cookbook(tmp_path, "copy", "qdrain", "other")
    assert cookbook(tmp_path, "verified").startswith("verified: ")


def test_the_command_needs_django(tmp_path):
    (tmp_path / "django.py").write_text("raise ModuleNotFoundError('no Django')\n")
    assert cookbook(tmp_path, "list") == (
        "no Django; activate the environment of your project, which has Django\n"
    )
