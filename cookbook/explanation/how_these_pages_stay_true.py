"""Plant mistakes in a copy of this cookbook, and see where each one fails.

Each run copies the house without its pages, plants ten mistakes, and lists what failed:

>>> from cookbook.explanation.how_these_pages_stay_true import run
>>> failed, uncovered = run()
>>> print(*failed, sep="\\n")
cookbook/evidence/name_not_imported.py::SQLite
cookbook/harness/test_house.py::test_every_module_is_on_its_page[evidence/orphan]
cookbook/harness/test_house.py::test_files_are_shown_whole
cookbook/harness/test_house.py::test_what_is_copied_uses_nothing_of_the_cookbook[recipes/harness-in-a-recipe]
docs/evidence/cut-by-a-phrase.md::6
docs/evidence/renamed-function.md::sphinx
docs/evidence/typed-python.md::6
docs/evidence/unknown-option.md::6
docs/evidence/unlabelled-fence.md::6
docs/evidence/wrong-answer.md::6
>>> print(*uncovered)
cookbook/evidence/uncovered_line.py:11
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cookbook.catalogue import ROOT

MODULE = '''"""Answer a greeting.

>>> from cookbook.{section}.{stem} import hello
>>> hello()
'hello'
"""


def hello():
{extra}    return "hello"
'''
UNIT = "[Service]\nExecStart=python manage.py qcluster --workers 4\n"
SHOW = "```{{recipe}} {}\n```\n"
CUT = "```{literalinclude} /conf.py\n:end-before: import\n```\n"
# What each page says from its sixth line on.
MISTAKES = {
    "evidence/wrong-answer": "```console\n$ expr 1 + 1\n3\n```\n",
    "evidence/renamed-function": SHOW.format("renamed_function.py\n:pyobject: hi"),
    "evidence/unlabelled-fence": "```\nhello\n```\n",
    "evidence/typed-python": "```python\nhello()\n```\n",
    "evidence/unknown-option": SHOW.format("unknown_option/worker.service"),
    "evidence/cut-by-a-phrase": CUT,
    "evidence/name-not-imported": "",
    "evidence/uncovered-line": "",
    "evidence/orphan": None,
    "recipes/harness-in-a-recipe": "",
}


def lay_house(directory, *sections):
    """Copy this house without its recipes and pages; give it empty sections."""
    ignored = shutil.ignore_patterns("__pycache__", "_build")
    for name in ("cookbook/harness", "cookbook/site", "cookbook/qdoctor",
                 "docs/_static", "docs/_templates"):  # fmt: skip
        shutil.copytree(ROOT / name, directory / name, ignore=ignored)
    names = ("conftest.py", "pyproject.toml", "constraints.txt", "docs/conf.py",
             "docs/redirects.json", "cookbook/*.py")  # fmt: skip
    for file in (file for name in names for file in ROOT.glob(name)):
        shutil.copy(file, directory / file.relative_to(ROOT))
    (directory / "README.md").write_text("# A house\n")
    contents = "".join(f"{section}/index\n" for section in sections)
    pages = {"index": contents} | {f"{section}/index": "" for section in sections}
    for page, entries in pages.items():
        file = directory / f"docs/{page}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"# A house\n\n```{{toctree}}\n\n{entries}```\n")
    return directory


def plant(house):
    """Write a module and a page for each mistake into a copy of the house."""
    for place, block in MISTAKES.items():
        section, name = place.split("/")
        stem = name.replace("-", "_")
        module = house / f"cookbook/{section}/{stem}.py"
        module.parent.mkdir(exist_ok=True)
        extra, path = "", f"{stem}.py"
        if name == "uncovered-line":
            extra = "    if 1 > 2:\n        return None\n"
        if name == "unknown-option":
            path = f"{stem}/greeting.py"
            module = module.with_name(stem) / "greeting.py"
            module.parent.mkdir()
            (module.parent / "__init__.py").write_text('"""Greet."""\n')
            module.with_name("worker.service").write_text(UNIT)
            stem = f"{stem}.greeting"
        text = MODULE.format(section=section, stem=stem, extra=extra)
        if name == "name-not-imported":
            text = text.replace("'hello'\n", "'hello'\n>>> os.sep\n'/'\n")
        if name == "harness-in-a-recipe":
            use = "from cookbook.harness import trial\n\n\ndef hello"
            text = text.replace("def hello", use)
        module.write_text(text)
        if block is not None:
            page = house / f"docs/{place}.md"
            page.write_text(f"# {name}\n\n```{{recipe}} {path}\n```\n\n{block}")
            contents = page.with_name("index.md")
            entries = contents.read_text().replace("\n```\n", f"\n{name}\n```\n")
            contents.write_text(entries)


def run():
    """Return the tests that failed in the copy, and the lines that did not run."""
    with tempfile.TemporaryDirectory(dir=os.environ["COOKBOOK_RUN"]) as folder:
        house = lay_house(Path(folder) / "house", "recipes", "evidence")
        plant(house)

        def python(*arguments):
            return subprocess.run(
                [sys.executable, "-m", *arguments],
                cwd=house, capture_output=True, text=True,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(house)},
            ).stdout  # fmt: skip

        printed = python(
            "coverage", "run", "-m", "pytest", "-q", "--on", "SQLite", "docs",
            "cookbook/recipes", "cookbook/evidence",
        )  # fmt: skip
        rules = "orphan or shown_whole or harness-in-a-recipe"
        printed += python("pytest", "-q", "cookbook/harness/test_house.py", "-k", rules)
        python("coverage", "combine")
        python("coverage", "json", "--include", "cookbook/evidence/*")
        files = json.loads((house / "coverage.json").read_text())["files"]
    return sorted(re.findall(r"^FAILED (\S+)", printed, re.M)), [
        f"{file}:{line}" for file in files for line in files[file]["missing_lines"]
    ]
