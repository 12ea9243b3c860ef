"""Copy recipes into a project of your own: `python -m cookbook --help`."""

import argparse
import os
import sys
from pathlib import Path

try:
    import django

    from cookbook import take
    from cookbook.catalogue import COPIED, find, recipes
except ModuleNotFoundError as error:
    sys.exit(f"{error}; activate the environment of your project, which has Django")


def list_recipes(options):
    """Say what there is to copy, a line for each recipe."""
    for recipe in recipes():
        if not recipe.is_for_copying or take.is_settings_only(recipe):
            continue
        print(f"{recipe.name:28} {recipe.summary}")


def show(options):
    """Print every file of a recipe, each under its path."""
    for path, data in take.contents(options.recipe).items():
        print(f"# {options.recipe.path.stem}/{path}\n{data.decode()}")


def copy(options):
    """Copy a recipe, and say what else the project needs."""
    is_settings_only = take.is_settings_only(options.recipe)
    if not options.recipe.is_for_copying or (
        is_settings_only and not take.settings(options.recipe)
    ):
        sys.exit(
            f"{options.recipe.name} is not for copying; "
            f"read it on its page: {options.recipe.section}/{options.recipe.page.stem}"
        )
    name = options.recipe.path.stem if options.target is None else options.target
    if not is_settings_only:
        try:
            name = take.copy(options.recipe, name)
        except ValueError as error:
            sys.exit(str(error))
        print(f"# Copied: {name}\n")
    settings = take.settings(options.recipe, name)
    below = ", below Q_CLUSTER" if "Q_CLUSTER" in settings else ""
    for place, text in {
        f"Add to the end of your settings.py{below}": settings,
        "Add to the end of your urls.py": take.urls(options.recipe, name),
        "Then run": "\n".join(take.commands(options.recipe)),
    }.items():
        if text:
            print(f"# {place}:\n{text}\n")


def new(options):
    """Begin a recipe or an experiment: its module, its tests, its page, its entry."""
    from cookbook.site import starter  # To copy a recipe, none of this is needed.

    try:
        for path in starter.begin(*options.place):
            print("wrote", path)
    except ValueError as error:
        sys.exit(str(error))


def explain(options):
    """Explain the lines of a log: `explain < qcluster.log`."""
    from cookbook.qdoctor import logs

    print(logs.report(options.log, options.form))


def measure(options):
    """Run the long experiment of a page and write the figures that it shows."""
    from cookbook.site import figures

    os.environ["DJANGO_SETTINGS_MODULE"] = "cookbook.settings"
    django.setup()
    print("wrote", figures.write(options.recipe, options.quick, options.to))


def verified(options):
    """Say what has been verified since it was last changed."""
    from cookbook.site import stamps

    counts = stamps.totals(stamps.load())
    print("verified:", ", ".join(f"{n:,} {what}" for what, n in counts.items()))


def parser():
    cookbook = argparse.ArgumentParser(prog="python -m cookbook", description=__doc__)
    commands = cookbook.add_subparsers(required=True, metavar="COMMAND")
    for name, action in {
        "list": list_recipes, "show": show, "copy": copy, "new": new,
        "explain": explain, "measure": measure, "verified": verified,
    }.items():  # fmt: skip
        command = commands.add_parser(name, help=action.__doc__)
        command.set_defaults(action=action)
        if action in (show, copy, measure):
            command.add_argument("recipe", type=recipe, metavar="NAME")
        if action is measure:
            command.add_argument(
                "--quick", action="store_true",
                help="the quick size, whose figures no page shows",
            )  # fmt: skip
            command.add_argument("--to", type=Path, metavar="FILE")
        if action is copy:
            command.add_argument(
                "target", nargs="?", metavar="TARGET",
                help="the name of the copy, like drain, or shop.drain inside a package",
            )  # fmt: skip
        if action is explain:
            command.add_argument(
                "log", nargs="?", default="-", metavar="FILE", type=log
            )
            command.add_argument(
                "--format", dest="form", choices=["text", "json"], default="text"
            )
        if action is new:
            command.add_argument("place", type=place, metavar="SECTION/NAME")
    return cookbook


def recipe(name):
    try:
        return find(name)
    except LookupError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def log(name):
    from cookbook.qdoctor import logs

    return logs.read_log(name)


def place(text):
    section, _, name = text.partition("/")
    if not name:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not SECTION/NAME; write it like {COPIED[1]}/rate-limit"
        )
    return section, name


def main():
    options = parser().parse_args()
    if sys.stdout:
        sys.stdout.reconfigure(errors="backslashreplace")  # Not each prints Ž.
    try:
        options.action(options)
        print(end="", flush=True)
    except OSError as error:
        # Nobody reads any more, as in `list | head -1`; Python would print again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
        sys.exit(1 if isinstance(error, BrokenPipeError) else str(error))
    except ModuleNotFoundError as error:
        sys.exit(f"{error}; `nox -s tests` makes the environment that has it")
    except KeyboardInterrupt:
        sys.exit("stopped")


if __name__ == "__main__":
    main()
