"""Plant seven mistakes in a copy of this cookbook and see where each one fails.

>>> from cookbook.explanation.how_these_pages_stay_true import run
>>> failed, uncovered = run()
>>> print(*failed, sep="\\n")
cookbook/harness/test_house.py::test_every_module_is_on_its_page[recipes/orphan]
docs/recipes/renamed-function.md::sphinx
docs/recipes/typed-python.md::7
docs/recipes/unknown-option.md::7
docs/recipes/unlabelled-fence.md::7
docs/recipes/wrong-answer.md::7
>>> print(*uncovered)
cookbook/recipes/uncovered_line.py:10
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cookbook.harness.servers import ROOT

MODULE = '"""Answer a greeting.\n\n>>> hello()\n\'hello\'\n"""\n\n\ndef hello():\n'
RETURN = '    return "hello"\n'
INCLUDE = "```{{literalinclude}} /../cookbook/recipes/{}\n:language: {}\n{}```\n"
UNIT = "[Service]\nExecStart=python manage.py qcluster --workers 4\n"

# What each page says after its module, from line 7 on.
MISTAKES = {
    "wrong-answer": "```console\n$ expr 1 + 1\n3\n```\n",
    "renamed-function": INCLUDE.format(
        "renamed_function.py", "python", ":pyobject: hi\n"
    ),
    "unlabelled-fence": "```\nhello\n```\n",
    "typed-python": "```python\nhello()\n```\n",
    "unknown-option": INCLUDE.format("unknown_option/worker.service", "ini", ""),
    "uncovered-line": "",
    "orphan": None,
}


def plant(house):
    """Copy the house without its recipes, and move the seven mistakes in."""
    for name in ("conftest.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, house)
    for name in ("__init__", "catalogue", "settings", "urls", "manage"):
        (house / "cookbook").mkdir(exist_ok=True)
        shutil.copy(ROOT / f"cookbook/{name}.py", house / "cookbook")
    shutil.copytree(ROOT / "cookbook/harness", house / "cookbook/harness")
    recipes, docs = house / "cookbook/recipes", house / "docs/recipes"
    recipes.mkdir()
    docs.mkdir(parents=True)
    shutil.copy(ROOT / "docs/conf.py", house / "docs")
    shutil.copytree(ROOT / "docs/_static", house / "docs/_static")
    (house / "README.md").write_text("# A copy\n")
    (house / "docs/index.md").write_text(
        "# A copy\n\n```{toctree}\n:glob:\nrecipes/*\n```\n"
    )
    for name, block in MISTAKES.items():
        module = recipes / f"{name.replace('-', '_')}.py"
        extra = (
            "    if 1 > 2:\n        return None\n" if name == "uncovered-line" else ""
        )
        if name == "unknown-option":
            module = module.with_suffix("") / "greeting.py"
            module.parent.mkdir()
            (module.parent / "__init__.py").write_text('"""Greet."""\n')
            module.with_name("worker.service").write_text(UNIT)
        module.write_text(MODULE + extra + RETURN)
        if block is not None:
            shown = module.relative_to(recipes)
            include = INCLUDE.format(shown, "python", ":pyobject: hello\n")
            (docs / f"{name}.md").write_text(f"# A page\n\n{include}{block}")


def run():
    """Return the tests that failed in the copy, and the lines that did not run."""
    with tempfile.TemporaryDirectory(dir=os.environ["COOKBOOK_RUN"]) as folder:
        house = Path(folder)
        plant(house)
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": folder}
        environment["COOKBOOK_RUN"] = os.environ["COOKBOOK_RUN"]

        def python(*arguments):
            return subprocess.run(
                [sys.executable, "-m", *arguments],
                cwd=house,
                env=environment,
                capture_output=True,
                text=True,
            ).stdout

        printed = python(
            "coverage", "run", "-m", "pytest", "-q", "--on", "SQLite", "docs",
            "cookbook/recipes",
            "cookbook/harness/test_house.py::test_every_module_is_on_its_page",
        )  # fmt: skip
        python("coverage", "combine")
        python("coverage", "json", "--include", "cookbook/recipes/*")
        files = json.loads((house / "coverage.json").read_text())["files"]
    return sorted(re.findall(r"^FAILED (\S+)", printed, re.M)), [
        f"{file}:{line}" for file in files for line in files[file]["missing_lines"]
    ]
