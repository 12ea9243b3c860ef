"""Every recipe still works after it has been copied, alone, into another project."""

import os
import sys
from pathlib import Path

import pytest

from cookbook.catalogue import recipes
from cookbook.harness.examples import lay_project, packages, run_example
from cookbook.harness.servers import ROOT, workspace

COPYABLE = [r for r in recipes() if r.is_copyable and r.section != "start"]


@pytest.mark.parametrize("recipe", COPYABLE, ids=lambda recipe: recipe.name)
def test_copy(recipe):
    with workspace(recipe.settings()) as environment:
        site = Path(environment["WORKSPACE"]) / "site"
        lay_project(site, recipe, "elsewhere", environment)
        library = Path(environment["WORKSPACE"]) / "library"
        library.mkdir()
        for name, path in packages("django-q2", *recipe.needs).items():
            (library / name).symlink_to(path)
        environment |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": f"{site}{os.pathsep}{library}",
        }
        for module in recipe.modules:
            if ">>> " in module.read_text():
                inside = module.relative_to(recipe.path.parent).with_suffix("").parts
                inside = [part for part in inside[1:] if part != "__init__"]
                run_example(
                    ".".join(["elsewhere", *inside]),
                    environment,
                    python=[sys.executable, "-S"],
                    manage=site / "manage.py",
                    clustered="Q_CLUSTER" in recipe.settings(module),
                )
    assert str(ROOT) not in environment["PYTHONPATH"]
