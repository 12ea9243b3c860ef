"""Copy recipes into a project of your own: `python -m cookbook --help`."""

import argparse
import os
import shutil
import sys
from pathlib import Path
from pprint import pformat

import django

from cookbook.catalogue import find, recipes


def list_recipes(options):
    """Say what there is to copy, a line for each recipe."""
    for recipe in filter(lambda r: r.is_for_copying, recipes()):
        print(f"{recipe.name:28} {recipe.summary}")


def show(options):
    """Print every file of a recipe."""
    for module in options.recipe.modules:
        print(f"# {module.name}\n{module.read_text()}")


def copy(options):
    """Copy a recipe, and say what else the project needs."""
    recipe, destination = options.recipe, Path(options.destination)
    if not recipe.is_copyable:
        sys.exit(
            f"{recipe.name} is an experiment on the cookbook's own harness; "
            f"read it on its page: {recipe.page.name}"
        )
    if destination.is_dir() and recipe.path.is_file():
        destination /= recipe.path.name
    if destination.exists() and not options.force:
        sys.exit(
            f"{destination} exists and was left as it is; "
            "name another destination, or say --force to overwrite it"
        )
    if recipe.path.is_dir():
        shutil.copytree(
            recipe.path,
            destination,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    else:
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(recipe.path, destination)
    print(advice(recipe, destination.stem))


def advice(recipe, name):
    """Return what a project needs besides the files, as lines for its settings.

    `name` is the name of the copy. Comments in it say what is not a setting.
    """
    settings = recipe.settings()
    apps = ["django_q", *settings.pop("INSTALLED_APPS", [])]
    lines = [f"# pip install {need}" for need in recipe.needs]
    if recipe.is_app:
        apps.append(name)
    if recipe.has_tables:
        lines.append("# python manage.py migrate")
    if (recipe.path / "urls.py").exists():
        lines.append(f"# urlpatterns += [path('{name}/', include('{name}.urls'))]")
    lines.append(f"INSTALLED_APPS += {apps}")
    options = settings.pop("DATABASES", {}).get("default", {}).get("OPTIONS")
    if options:
        lines.append(f"DATABASES['default']['OPTIONS'] = {pformat(options)}")
    return "\n".join(
        [
            *lines,
            *(
                f"{key} = {pformat(value, sort_dicts=False)}"
                for key, value in settings.items()
            ),
        ]
    )


def measure(options):
    """Run the long experiment of a page and write the figures that it shows."""
    from cookbook.harness import measured  # To copy a recipe, Django is enough.

    os.environ["DJANGO_SETTINGS_MODULE"] = "cookbook.settings"
    django.setup()
    print("wrote", measured.write(options.recipe))


def verified(options):
    """Say what has been verified since it was last changed."""
    from cookbook.harness import stamps

    counted = stamps.totals(stamps.load())
    print("verified:", ", ".join(f"{n:,} {what}" for what, n in counted.items()))


def parser():
    told = argparse.ArgumentParser(prog="python -m cookbook", description=__doc__)
    commands = told.add_subparsers(required=True, metavar="COMMAND")
    for name, action in {
        "list": list_recipes, "show": show, "copy": copy,
        "measure": measure, "verified": verified,
    }.items():  # fmt: skip
        command = commands.add_parser(name, help=action.__doc__)
        command.set_defaults(action=action)
        if action in (show, copy, measure):
            command.add_argument("recipe", type=known, metavar="NAME")
        if action is copy:
            command.add_argument("destination", help="a file, or a folder for an app")
            command.add_argument("--force", action="store_true", help="overwrite files")
    return told


def known(name):
    try:
        return find(name)
    except LookupError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    options = parser().parse_args()
    options.action(options)
