"""Every recipe still works after it has been copied, alone, into another project."""

import os
import sys
from pathlib import Path

import pytest

from cookbook.catalogue import has_example, recipes
from cookbook.harness.examples import lay_project, packages, run_example
from cookbook.harness.servers import workspace

COPIES = {
    f"{recipe.name}/{module.stem}": (recipe, module)
    for recipe in recipes()
    if recipe.is_copyable and recipe.section != "start"
    for module in recipe.modules
    if has_example(module)
}


@pytest.mark.parametrize("name", COPIES)
def test_copy(name):
    recipe, module = COPIES[name]
    settings = recipe.settings(module)
    inside = module.relative_to(recipe.path.parent).with_suffix("").parts[1:]
    with workspace(settings) as environment:
        site = Path(environment["WORKSPACE"]) / "site"
        lay_project(site, recipe, "elsewhere", environment)
        library = Path(environment["WORKSPACE"]) / "library"
        library.mkdir()
        for package, path in packages("django-q2", *recipe.needs).items():
            (library / package).symlink_to(path)
        run_example(
            ".".join(["elsewhere", *(part for part in inside if part != "__init__")]),
            environment
            | {
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "PYTHONPATH": f"{site}{os.pathsep}{library}",
            },
            python=[sys.executable, "-S"],  # It sees these packages and no others.
            manage=site / "manage.py",
            clustered="Q_CLUSTER" in settings,
        )
