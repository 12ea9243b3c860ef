"""What costs too much says why, and what runs at once fails as it would alone."""

import os
import subprocess
import sys

import pytest

from cookbook.catalogue import ROOT, recipes
from cookbook.harness import costs

FIRST = next(recipe for recipe in recipes() if recipe.section == "recipes")
PAGE = FIRST.page.relative_to(ROOT).as_posix()
MODULE = FIRST.modules[0].relative_to(ROOT).as_posix()


def cost(cpu, seconds=1):
    return {"cpu": cpu, "seconds": seconds}


def test_what_is_dear_says_why():
    name = f"{FIRST.section}/{FIRST.name}"
    table = {(PAGE, "page"): cost(2), (MODULE, "SQLite"): cost(2), ("a", "b"): cost(9)}
    [(sentence, fatal)] = costs.debts(table, {}, [])
    assert sentence.startswith(f"{name} with its page took 4 CPU-seconds, and 3 are")
    assert not fatal  # It may have been measured on a busy machine.
    assert costs.debts(table, {name: "it is worth it"}, []) == []
    assert costs.debts(table, {}, [name]) == []
    table[MODULE, "SQLite"] = cost(41, 61)
    assert [fatal for _, fatal in costs.debts(table, {}, [name])] == [True, False]
    assert len(costs.debts(table, {}, [])) == 3


def test_reasons_name_recipes():
    reasons, old = costs.rules()
    names = {f"{recipe.section}/{recipe.name}" for recipe in recipes()}
    gone = {name for name in [*reasons, *old] if "." not in name} - names
    assert not gone, f"pyproject.toml still names {', '.join(sorted(gone))}"


def test_the_table_names_the_dearest_and_the_sections():
    table = {(PAGE, "page"): cost(2), (MODULE, "SQLite"): cost(3), ("a", "b"): cost(9)}
    lines = [line.split() for line in costs.summary(table)]
    assert [line[2] for line in lines[1:4]] == ["a", MODULE, PAGE]
    assert ["5.0", "2.0", "all", "of", FIRST.section] in lines


TESTS = """
import os, signal, time
from pathlib import Path

def test_passes(): print("a"); os.write(1, b"b")
def test_fails(): print("its own words"); assert 1 == 2
def test_is_killed(): os.kill(os.getpid(), signal.SIGKILL)
def test_works(): sum(range(5_000_000))
def test_leaves(): Path(__file__).with_name("left").touch()
"""


@pytest.fixture
def run(tmp_path):
    """Return a function that runs pytest and returns what pytest says."""
    (tmp_path / "test_these.py").write_text(TESTS)

    def pytest_says(*arguments, **environment):
        process = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "--rootdir",
                ROOT,
                "-c",
                ROOT / "pyproject.toml",
                "-p",
                "conftest",
                *arguments,
            ],
            cwd=ROOT,
            env=os.environ
            | {"TMPDIR": str(tmp_path), "STAMPS": f"{tmp_path}/stamps"}
            | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return process.returncode, process.stdout

    return pytest_says


def test_each_test_is_reported(run, tmp_path):
    code, output = run("--at-once", "3", tmp_path / "test_these.py")
    assert code == 1
    assert "2 failed, 3 passed" in output
    assert "its own words" in output
    assert "test_is_killed did not end: its process did, with code -9" in output
    assert output.index("test_works") < output.index("all of ")


def test_a_run_stops_where_it_is_told_to(run, tmp_path):
    code, output = run("--at-once", "1", "--exitfirst", tmp_path / "test_these.py")
    assert code == 2
    assert "stopping after 1 failures" in output
    assert not (tmp_path / "left").exists()
    code, output = run("--at-once", "1", "--collect-only", tmp_path / "test_these.py")
    assert code == 0
    assert "5 tests collected" in output


def test_a_rule_runs_again_when_anything_has_changed(run, tmp_path):
    glue = "--noconftest", ROOT / "cookbook/harness/test_house.py", "-k", "glue"
    code, output = run("--changed", *glue)
    assert (code, "1 passed" in output) == (0, True), output
    code, output = run("--changed", *glue)
    assert (code, "passed" in output) == (0, False)
    stamps = tmp_path / "stamps"
    stamps.write_text(stamps.read_text().replace('"digest": "', '"digest": "before'))
    code, output = run("--changed", *glue)
    assert (code, "1 passed" in output) == (0, True)
