"""What a reader takes works in the reader's project, alone and with all the rest."""

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from cookbook import __main__, take
from cookbook.catalogue import ROOT, Recipe, find, recipes
from cookbook.harness.projects import lay_copy
from cookbook.harness.servers import workspace

COPIES = [recipe for recipe in recipes() if recipe.is_for_copying and recipe.modules]


@pytest.mark.parametrize(
    ("database", "broker"),
    [
        ("SQLite", "rate-limit"),
        ("SQLite", "queue-database"),
        ("PostgreSQL", "rate-limit"),
        # The tests of task-tests freeze the clock, and this one has the database's.
        ("PostgreSQL", "postgres-broker"),
    ],
)
def test_all_recipes_in_one_project(database, broker):
    copies = {f"my_{r.path.stem}": r for r in COPIES if fits(r, database, broker)}
    suites = [name for name, recipe in copies.items() if has_tests(recipe)]
    if broker == "postgres-broker":
        suites.remove("my_task_tests")
    with workspace({}, database) as environment:
        project = lay_copy(copies, environment, bare=True)
        project.manage("check")
        project.manage("makemigrations", "--check", "--dry-run")
        project.manage("test", "--noinput", *suites)


def fits(recipe, database, broker):
    """Say whether a project can have this recipe: it has one `broker_class`."""
    has_broker = "broker_class" in (recipe.settings().get("Q_CLUSTER") or {})
    is_another = has_broker and recipe.name != broker
    return database in recipe.databases() and not is_another


def has_tests(recipe):
    return (recipe.path / "tests.py").exists()


def cookbook(folder, line):
    """Run the cookbook's command in a folder, as a reader with a checkout would."""
    process = subprocess.run(
        f"{sys.executable} -m cookbook {line}", shell=True, text=True, cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
    )  # fmt: skip
    return process.stdout + process.stderr


def test_a_copy_has_the_name_that_its_reader_gives(tmp_path):
    assert 'INSTALLED_APPS += ["shop.drain"]' in cookbook(
        tmp_path, "copy qdrain shop.drain"
    )
    texts = [file.read_text() for file in (tmp_path / "shop/drain").rglob("*.py")]
    assert any("from shop.drain.counts import count" in text for text in texts)
    assert not any("cookbook" in text for text in texts)
    assert "my/tasks" not in cookbook(tmp_path, "copy save-limit my/tasks")
    assert (tmp_path / "my/tasks/tests.py").exists()
    assert (tmp_path / "my/__init__.py").exists()  # Or `manage.py test` finds nothing.
    assert "drain/management/commands/qdrain.py exists; a second command" in cookbook(
        tmp_path, "copy qdrain again"
    )
    assert not (tmp_path / "again").exists()


NAME, HIDE = "is not a name that Python can import", "would hide it"


@pytest.mark.parametrize(
    ("why", "targets"),
    [
        (NAME, ["my-drain", "1drain", "with space", "žofie", "", ".", "./", "a..b"]),
        ("is a word of Python", ["class", "shop.class", "__init__", "__pycache__"]),
        (HIDE, ["django_q", "django_q.a", "cookbook.a", "json", "file", "pack.file.a"]),
        ("has the label", ["admin", "shop.auth", "shop.django_q"]),
        ("is not below this folder", ["../drain", "/tmp/drain", ".."]),
        ("exists and was left as it is", ["pack", "dangling"]),
        ("cannot be written", ["plain/drain", "dangling/drain", "a" * 300]),
    ],
)
def test_a_name_that_cannot_be(tmp_path, monkeypatch, why, targets):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pack").mkdir()
    (tmp_path / "dangling").symlink_to("nowhere")
    for file in ("plain", "file.py", "pack/file.py"):
        (tmp_path / file).write_text("")
    before = sorted(tmp_path.rglob("*"))
    for target in targets:
        with pytest.raises(ValueError, match=why):
            take.copy(find("qdrain"), target)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_a_copy_that_stops_half_way(tmp_path, monkeypatch, error):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "rename", Mock(side_effect=error))
    with pytest.raises((ValueError, KeyboardInterrupt), match=r"space left|^$"):
        take.copy(find("qdrain"), "shop.drain")
    assert not list(tmp_path.iterdir())


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


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("copy how-these-pages-stay-true", "is not for copying; read it on its page"),
        ("copy worker-brokers", "is not for copying; read it on its page"),
        ("show qdrian", "did you mean: "),
        ("show nothing-like-it", "see `python -m cookbook list`"),
        ("show qdrain | grep '^# .*/man'", "# qdrain/management/commands/qdrain.py\n"),
        ("list", "\nqdrain "),
        ("list | true", ""),
        ("list >&-", ""),
        ("list >/dev/full", "[Errno 28] No space left on device\n"),
        ("list > log; python -m cookbook explain log", "database is locked\n"),
        ("copy qdrain ''", "'' is not a name"),
        ("copy qdrain", "# Copied: qdrain\n\n# Add to the end of your settings.py:\n"),
        ("copy qdrain >&-; find qdrain", "qdrain/tests.py"),
        ("copy qdrain | grep -c Then", "0\n"),
        ("copy install", "# Add to the end of your settings.py:\n"),
        ("copy save-limit", "# Add to the end of your settings.py, below Q_CLUSTER:\n"),
        ("verified", "verified: "),
    ],
)
def test_the_command_answers_in_sentences(tmp_path, line, answer):
    printed = cookbook(tmp_path, line.replace("python", sys.executable))
    assert answer in printed
    assert "Traceback" not in printed


def test_the_command_is_interrupted(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["cookbook", "show", "qdrain"])
    monkeypatch.setattr(take, "contents", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(SystemExit, match="stopped"):
        __main__.main()


@pytest.mark.parametrize(
    ("package", "line", "advice"),
    [
        ("django", "list", "activate the environment of your project, which has"),
        ("docutils", "verified", "`nox -s tests` makes the environment that has it"),
    ],
)
def test_the_command_needs(tmp_path, package, line, advice):
    text = f"raise ModuleNotFoundError('no {package}')\n"
    (tmp_path / f"{package}.py").write_text(text)
    assert cookbook(tmp_path, line).startswith(f"no {package}; {advice}")
