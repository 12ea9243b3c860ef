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
import re
import shlex
import sys
import textwrap
import zipfile
from importlib.util import find_spec
from pathlib import Path

from cookbook.catalogue import is_settings

APPS = re.compile(r"^INSTALLED_APPS = (\[.*?\])", re.M | re.S)
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
                f"{part!r} is not a name that Python can import; "
                "use letters, digits and _"
            )
        if keyword.iskeyword(part):
            return f"{part!r} is a word of Python; choose another name"
    if parts[0] in sys.stdlib_module_names:
        return f"{parts[0]!r} is a module of Python; a copy of that name would hide it"
    if len(parts) == 1 and is_installed(name):
        return (
            f"{name!r} is the name of an installed package; "
            "a copy of that name would hide it"
        )
    return ""


def is_installed(name):
    """Say whether Python finds a package of this name among those installed."""
    found = find_spec(name)
    return bool(found and "site-packages" in str(found.origin))


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
    return renamed(recipe, file.read_text(), name).encode()


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
        text = renamed(recipe, without_docstring(file.read_text()), name)
        text = re.sub(r"^Q_CLUSTER = {}\n", "", text, flags=re.M)
        text = MERGED.sub("Q_CLUSTER |= {", _apart(text))
        text = APPS.sub(  # Two boxes may ask for the same app.
            r"INSTALLED_APPS += [app for app in \1 if app not in INSTALLED_APPS]", text
        )
        text = DATABASE.sub(
            lambda found: (
                'DATABASES["default"] |= ' + found[1].replace("\n    ", "\n") + "\n}"
            ),
            text,
        )
        text = OWN.sub(
            r"# If you have \1 already, add these entries to it.\n\g<0>", text
        )
        lines.append(text.strip())
    return "\n\n".join(filter(None, lines))


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
    found = [f"pip install {' '.join(quoted)}"] if always else []
    caches = recipe.settings().get("CACHES", {}).values()
    if any("DatabaseCache" in cache["BACKEND"] for cache in caches):
        found.append("python manage.py createcachetable")
    if recipe.has_tables:
        found.append("python manage.py migrate")
    return found


def is_settings_only(recipe):
    """Say whether a recipe has nothing to copy but what goes into settings.py."""
    return not contents(recipe).keys() - {"__init__.py"}


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
    where that cannot be done; it overwrites nothing.
    """
    path = Path(target)
    parts = (
        path.with_suffix("").parts
        if "/" in target or path.suffix == ".py"
        else target.split(".")
    )
    if recipe.main.exists():
        if path.is_absolute() or ".." in parts:
            raise ValueError(
                f"{target} is not below this folder; go to the folder of manage.py and "
                "name a package, like shop.tools"
            )
        name = ".".join(parts)
        if why := refusal(name):
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
    if place.exists():
        raise ValueError(f"{place} exists and was left as it is; choose another name")
    files = contents(recipe, name)
    home = place.parent if recipe.path.is_file() else place
    for inside, data in files.items():
        file = home / inside
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        except OSError as error:
            raise ValueError(f"{file} cannot be written: {error.strerror}") from None
    return name
