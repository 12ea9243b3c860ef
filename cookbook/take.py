"""What a reader takes: the files of a recipe under any name, and what goes with them.

The command `python -m cookbook copy`, the archives of the site and the box on a page
are made from this. The files are the recipe's own; only the name by which the cookbook
imports it is replaced by the reader's.

>>> from cookbook.catalogue import find
>>> from cookbook.take import contents, refusal, settings
>>> files = contents(find("qdrain"), "shop.drain")
>>> [path for path in files if path.endswith("apps.py")]
['apps.py']
>>> print(settings(find("qdrain"), "shop.drain"))
INSTALLED_APPS += ["shop.drain"]

A name that Python or Django would refuse is refused here, with the reason:

>>> refusal("my-drain")
"'my-drain' is not a name that Python can import; use letters, digits and _"
>>> refusal("django_q")
"'django_q' is the name of an installed package; a copy of that name would hide it"
"""

import ast
import io
import keyword
import os
import re
import shlex
import sys
import textwrap
import zipfile
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from cookbook.catalogue import is_settings

LISTS = re.compile(r"^(INSTALLED_APPS|MIDDLEWARE) = (\[.*?\])", re.M | re.S)
MERGED = re.compile(r"^Q_CLUSTER = {", re.M)
DATABASE = re.compile(r'^DATABASES = {\n    "default": ({.*?)\n    },?\n}', re.M | re.S)
# Django starts a project without these, so they cannot be added to.
OWN = re.compile(r"^(CACHES|LOGGING|PRODUCTION_PROCESSES) = {", re.M)
TEXT = {".conf", ".html", ".ini", ".json", ".md", ".py", ".service", ".sh", ".timer",
        ".toml", ".txt", ".yaml", ".yml", ""}  # fmt: skip


def refusal(name):
    """Return why a copy cannot have this dotted name, or an empty string."""
    parts = name.split(".")
    for part in parts:
        if not part.isidentifier() or not part.isascii():
            return (
                f"{part or name!r} is not a name that Python can import; "
                "use letters, digits and _"
            )
        if keyword.iskeyword(part) or part.startswith("__"):
            return f"{part!r} is a word of Python; choose another name"
    if parts[0] in sys.stdlib_module_names:
        return f"{parts[0]!r} is a module of Python; a copy of that name would hide it"
    if is_installed(parts[0]):
        return (
            f"{parts[0]!r} is the name of an installed package; "
            "a copy of that name would hide it"
        )
    return ""


def is_installed(name):
    """Say whether Python finds a package of this name among those installed.

    The cookbook itself is one, although it runs from its checkout.
    """
    spec = find_spec(name)
    places = [spec.origin, *(spec.submodule_search_locations or [])] if spec else []
    return name == "cookbook" or any(
        re.search(r"[\\/](site|dist)-packages\b", str(place)) for place in places
    )


def contents(recipe, name=None):
    """Return `{path in the copy: bytes}` of a recipe that is called `name` there."""
    name = name or recipe.path.stem
    if recipe.path.is_file():
        return {f"{name.rpartition('.')[2]}.py": _renamed(recipe, recipe.path, name)}
    return {
        file.relative_to(recipe.path).as_posix(): _renamed(recipe, file, name)
        for file in recipe.files
        if not is_settings(file)
    }


def _renamed(recipe, file, name):
    if file.suffix not in TEXT:
        return file.read_bytes()
    return renamed(recipe, file.read_text("utf-8"), name).encode("utf-8")


def renamed(recipe, text, name=None):
    """Return a text of a recipe with the name that the reader gives to it."""
    return re.sub(rf"\b{re.escape(recipe.package)}\b", name or recipe.path.stem, text)


def settings(recipe, name=None):
    """Return what to add at the end of the project's settings, as Python.

    It merges into what is there: no other key of Q_CLUSTER is touched.
    """
    name, lines = name or recipe.path.stem, []
    if recipe.is_app:
        lines.append(f'INSTALLED_APPS += ["{name}"]')
    file = recipe.path / "settings.py"
    if file.exists():
        text = renamed(recipe, without_docstring(file.read_text("utf-8")), name)
        text = re.sub(r"^Q_CLUSTER = {}\n", "", text, flags=re.M)
        text = MERGED.sub("Q_CLUSTER |= {", _apart(text))
        text = LISTS.sub(  # Two boxes may ask for the same app.
            r"\1 += [one for one in \2 if one not in \1]", text
        )
        text = DATABASE.sub(
            lambda match: (
                'DATABASES["default"] |= ' + match[1].replace("\n    ", "\n") + "\n}"
            ),
            text,
        )
        text = OWN.sub(
            r"# If you have \1 already, add these entries to it.\n\g<0>", text
        )
        lines.append(text.strip())
    if is_constants(recipe):
        lines.append(without_docstring(recipe.path.read_text()).strip())
    return "\n\n".join(filter(None, lines))


def is_constants(recipe):
    """Say whether a recipe is one module of values, which belong into settings.py."""
    body = ast.parse(recipe.path.read_text()).body[1:] if recipe.path.is_file() else []
    return bool(body) and all(isinstance(node, ast.Assign) for node in body)


def _apart(text):
    """Add a recipe's clusters to those of the project, and replace none of them."""
    pairs = [
        (key, value)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "ALT_CLUSTERS"
    ]
    for key, value in pairs:
        clusters = textwrap.dedent("    " + ast.get_source_segment(text, value))
        lines = text.splitlines()
        lines[key.lineno - 1 : value.end_lineno] = []
        text = re.sub(r"^Q_CLUSTER = {\n}", "", "\n".join(lines), flags=re.M)
        text += (
            '\n\nCLUSTERS = Q_CLUSTER.setdefault("ALT_CLUSTERS", {})\n'
            f"CLUSTERS |= {clusters}\n"
        )
    return text


def without_docstring(text):
    """Return the source of a module without its docstring."""
    body = ast.parse(text).body
    if body and ast.get_docstring(ast.parse(text)) is not None:
        text = "".join(text.splitlines(keepends=True)[body[0].end_lineno :])
    return text.strip("\n") + "\n" if text.strip() else ""


def urls(recipe, name=None):
    """Return what to add at the end of the project's urls.py, as Python."""
    name = name or recipe.path.stem
    if not (recipe.path / "urls.py").exists():
        return ""
    place = name.rpartition(".")[2].replace("_", "-")
    return (
        "from django.urls import include, path\n\n"
        f'urlpatterns += [path("{place}/", include("{name}.urls"))]'
    )


def commands(recipe):
    """Return the commands to run after the copy, in their order."""
    always = [need for need, when in recipe.needs.items() if not when]
    quoted = [shlex.quote(need) for need in always]  # Brackets are globs to zsh.
    lines = [f"pip install {' '.join(quoted)}"] if always else []
    caches = recipe.settings().get("CACHES", {}).values()
    if any("DatabaseCache" in cache["BACKEND"] for cache in caches):
        lines.append("python manage.py createcachetable")
    if recipe.has_tables:
        lines.append("python manage.py migrate")
    return lines


def is_settings_only(recipe):
    """Say whether a recipe has nothing to copy but what goes into settings.py."""
    return is_constants(recipe) or not contents(recipe).keys() - {"__init__.py"}


def archive(recipe):
    """Return a zip archive of the recipe: one folder, or one module."""
    folder = "" if recipe.path.is_file() else f"{recipe.path.stem}/"
    return zipped({folder + path: file for path, file in contents(recipe).items()})


def zipped(files):
    """Return a zip archive of `{path: bytes}` that depends on nothing but these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for path, file in sorted(files.items()):
            entry = zipfile.ZipInfo(path)  # Its date is always the same.
            entry.external_attr = 0o644 << 16
            pack.writestr(entry, file)
    return out.getvalue()


def copy(recipe, target):
    """Write the files of a recipe to a dotted name or a path below this folder.

    Returns the name of the copy. Raises ValueError, with a sentence for its reader,
    where that cannot be done; it overwrites nothing and writes all files or none.
    """
    path = Path(target)
    parts = target.split(".")
    if "/" in target or path.suffix == ".py":
        parts = path.with_name(path.name.removesuffix(".py")).parts if path.name else ()
    if recipe.main.exists():
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(
                f"{target} is not below this folder; go to the folder of manage.py and "
                "name a package, like shop.tools"
            )
        name = ".".join(parts)
        parts = name.split(".")
        if why := refusal(name) or _conflict(recipe, parts):
            raise ValueError(why)
    else:  # Files for another program have no name in Python.
        parts, name = path.parts, target
    place = Path(*parts)
    if recipe.path.is_file():
        if place.is_dir():
            raise ValueError(
                f"{place} is a folder; name the module, like {name}.{recipe.path.stem}"
            )
        place = place.with_suffix(".py")
    if os.path.lexists(place):
        raise ValueError(f"{place} exists and was left as it is; choose another name")
    home = place.parent if recipe.path.is_file() else place
    files = {home / path: data for path, data in contents(recipe, name).items()}
    if recipe.main.exists():
        files |= {
            folder / "__init__.py": b""
            for folder in place.parents
            if not os.path.lexists(folder)
        }
    try:
        _write(files, place)
    except OSError as error:
        raise ValueError(f"{place} cannot be written: {error.strerror}") from None
    return name


def _conflict(recipe, parts):
    """Return what a copy of this name would break in the project, or nothing."""
    for count in range(1, len(parts) + 1):
        folder = Path(*parts[:count])
        module = folder.with_suffix(".py")
        is_own = recipe.path.is_file() and count == len(parts)
        if os.path.lexists(module) and not is_own:
            return (
                f"{module} exists, and a folder {folder} would hide it; "
                "choose another name"
            )
    label = parts[-1]
    if recipe.is_app and (label == "django_q" or find_spec(f"django.contrib.{label}")):
        return f"an app of Django has the label {label!r}; choose another name"
    for file in recipe.files if recipe.is_app else []:
        inside = f"management/commands/{file.name}"
        twins = [p for deep in ("", "*/", "*/*/") for p in Path().glob(deep + inside)]
        if file.parent.name == "commands" and file.stem != "__init__" and twins:
            return (
                f"{twins[0]} exists; a second command of that name would hide it, or "
                "be hidden: keep one"
            )
    return ""


def _write(files, place):
    """Write `{path: bytes}`, all of them below `place` or beside it, or none."""
    missing = [path for path in (place, *place.parents) if not os.path.lexists(path)]
    here = missing[-1].parent
    with TemporaryDirectory(prefix=".copy-", dir=here) as desk:
        for path, data in files.items():
            file = Path(desk, path.relative_to(here))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        Path(desk, missing[-1].name).rename(missing[-1])
