"""What a page shows of the cookbook: files whole, and the story that a docstring tells.

`{recipe} PATH` shows a file whole, a module without its docstring. In reference,
explanation and evidence `:pyobject:` shows one function or class of it.
`{session} PATH` shows the sentences and the examples of a module's docstring in turn,
and in a fold or on a page of evidence as one block whose sentences are comments, so
that all of it is copied;
`:of:` takes the docstring of one of its functions. `{edges} PATH` shows the table that
the examples printed. `{take} NAME` says how to take a recipe.
A path begins at the page's section: on docs/recipes/qdrain.md it is `qdrain/apps.py`.
What a reader copies is shown with the name that the reader's copy has.
"""

import ast
import doctest
import inspect
import textwrap
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from cookbook import take
from cookbook.catalogue import COOKBOOK, ROOT, find, owner

LANGUAGES = {
    ".py": "python", ".html": "html+django", ".yaml": "yaml", ".yml": "yaml",
    ".toml": "toml", ".json": "json", ".css": "css", ".js": "javascript",
    ".conf": "ini", ".service": "ini", ".timer": "ini", ".target": "ini", ".sql": "sql",
    ".sh": "bash",
}  # fmt: skip
NAMES = {"Procfile": "procfile", "Dockerfile": "dockerfile", "crontab": "default"}
FREE = ("reference", "troubleshooting", "evidence", "explanation")


class Shown(SphinxDirective):
    """A directive about a file of the cookbook."""

    required_arguments = 1
    final_argument_whitespace = True

    def file(self):
        """Return the file that the argument names; its change makes the page anew."""
        section = self.env.docname.partition("/")[0]
        named = self.arguments[0]
        places = [COOKBOOK / section / named, COOKBOOK / named, ROOT / named]
        for path in places:
            if path.is_file():
                self.env.note_dependency(str(path))
                return path
        raise self.error(f"there is no file {places[0].relative_to(ROOT)}")

    def block(self, path, text, language):
        """Return a literal block that says which file it comes from."""
        recipe = owner(path)
        if recipe and recipe.is_for_copying:
            text = take.renamed(recipe, text)
        block = nodes.literal_block(text, text, source=str(path), language=language)
        self.set_source_info(block)
        block["source"] = str(path)
        return block


class RecipeFile(Shown):
    option_spec = {"pyobject": directives.unchanged_required}

    def run(self):
        path = self.file()
        text, name = path.read_text(), self.options.get("pyobject")
        if name and self.env.docname.partition("/")[0] not in FREE:
            raise self.error("a recipe is shown whole; leave :pyobject: out")
        if name:
            text = self.part(text, name)
        elif path.suffix == ".py":
            text = take.without_docstring(text)
        language = NAMES.get(path.name.partition(".")[0]) or LANGUAGES.get(path.suffix)
        if path.name.startswith(("Procfile", "Dockerfile")):
            language = NAMES[path.name.partition(".")[0]]
        block = self.block(path, text.rstrip(), language or "default")
        return [block] if name else [self.label(path), block]

    def label(self, path):
        """Return the name of a file, as it stands above what it holds."""
        recipe = owner(path)
        folder = recipe.path.parent if recipe else ROOT
        if recipe and recipe.section == "start":  # Its reader is in the project.
            folder = recipe.path
        name = path.relative_to(folder).as_posix()
        return nodes.paragraph("", "", nodes.literal(name, name), classes=["file-name"])

    def part(self, text, name):
        """Return the source of the function or class called `name`."""
        scope = ast.parse(text)
        for part in name.split("."):
            matches = [
                node
                for node in ast.iter_child_nodes(scope)
                if getattr(node, "name", None) == part
                or (
                    isinstance(node, ast.Assign)
                    and part in map(ast.unparse, node.targets)
                )
            ]
            if not matches:
                raise self.error(f"{self.arguments[0]} has no {name}")
            scope = matches[0]
        first = min(
            [scope.lineno, *(d.lineno for d in getattr(scope, "decorator_list", []))]
        )
        return textwrap.dedent(
            "\n".join(text.splitlines()[first - 1 : scope.end_lineno])
        )


class Session(Shown):
    option_spec = {"of": directives.unchanged_required}

    def run(self):
        path, story = self.file(), []
        turns = parts(story_of(path, self.options.get("of")))
        is_proof = self.env.docname.startswith("evidence/")
        if is_proof or self.env.temp_data.get("folded"):
            return [self.block(path, "\n".join(map(comment, turns)), "pycon")]
        for part in turns:
            if isinstance(part, str):
                story += self.prose(part, path)
            else:
                story.append(
                    self.block(path, "".join(map(typed, part)).rstrip(), "pycon")
                )
        if not story:
            raise self.error(f"{self.arguments[0]} tells nothing; write its docstring")
        return story

    def prose(self, text, path):
        place = nodes.Element()
        lines = StringList(text.splitlines(), source=str(path))
        self.state.nested_parse(lines, self.content_offset, place)
        return place.children


def story_of(path, name=None):
    """Return a docstring without its first line, which is the title, and `Needs:`."""
    scope = ast.parse(path.read_text())
    for part in (name or "").split(".") if name else ():
        scope = next(n for n in scope.body if getattr(n, "name", None) == part)
    text = inspect.cleandoc(ast.get_docstring(scope, clean=False) or "")
    text = text.partition("\n\n")[2] if name is None else text
    parts = [one for one in text.split("\n\n") if not one.startswith("Needs: ")]
    return "\n\n".join(parts)


def parts(text):
    """Return the story in turn: sentences as text, examples as lists of examples."""
    groups = []
    for part in doctest.DocTestParser().parse(text):
        if isinstance(part, str):
            if part.strip():
                groups.append(part.strip("\n"))
        elif groups and not isinstance(groups[-1], str):
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def comment(part):
    """Return a part of a story as it stands in one block: its sentences as comments."""
    if not isinstance(part, str):
        return "".join(map(typed, part)).rstrip()
    lines = textwrap.wrap(" ".join(part.split()), 78)
    return "\n".join(f">>> # {line}" for line in lines)


def typed(example):
    """Return an example as a reader would type it, with what it prints."""
    first, *rest = example.source.splitlines(keepends=True)
    source = ">>> " + first + "".join(f"... {line}" for line in rest)
    return source.replace("... \n", "...\n") + example.want


class Edges(Session):
    """The table that the examples of a module have printed, as a table of the page."""

    def run(self):
        path = self.file()
        tables = [
            example.want
            for part in parts(story_of(path, self.options.get("of")))
            if not isinstance(part, str)
            for example in part
            if example.want.startswith("| ")
        ]
        if not tables:
            raise self.error(f"no example of {self.arguments[0]} prints a table")
        return self.prose(tables[0], path)


class Take(SphinxDirective):
    """A box: the archive, the command, the settings to merge, what to run after."""

    required_arguments = 1

    def run(self):
        recipe = find(self.arguments[0])
        for file in recipe.files:
            self.env.note_dependency(str(file))
        stem, is_module = recipe.path.stem, recipe.path.is_file()
        what = f"`{stem}.py`" if is_module else f"the folder `{stem}`"
        where = "an app of yours" if is_module else "the folder of `manage.py`"
        box = nodes.admonition(classes=["take"])
        box += nodes.title("", "Take it")
        self.say(
            box,
            "For a project that runs Django-Q2; the tutorial sets one up. In the "
            "examples the `name` of the cluster is `shop`; yours may be another.",
        )
        if not take.is_settings_only(recipe):
            self.say(
                box, f"Unpack {{take}}`{recipe.name}` into {where}: it holds {what}."
            )
            if repository := self.config.site_repository:
                self.say(
                    box,
                    f"Or run `git clone {repository}`, set `PYTHONPATH` to its folder, "
                    f"and run `python -m cookbook copy {recipe.name}` in {where}.",
                )
        settings, urls = take.settings(recipe), take.urls(recipe)
        if settings:
            self.say(box, "Add to the end of `settings.py`:")
            box += self.code(recipe, settings)
        else:
            self.say(box, "It needs no settings.")
        for text in scopes(recipe):
            self.say(box, text)
        if urls:
            self.say(box, "Add to the end of `urls.py`:")
            box += self.code(recipe, urls)
        commands = take.commands(recipe)
        if commands:
            run = ", then ".join(f"`{command}`" for command in commands)
            self.say(box, f"Then run {run}.")
        if some := [f"`{one}` ({when})" for one, when in recipe.needs.items() if when]:
            self.say(box, f"Optional packages: {', '.join(some)}.")
        if settings:
            self.say(box, "Restart the cluster: it reads code and settings once.")
        return [box]

    def say(self, box, text):
        self.state.nested_parse(StringList([text], source=""), self.content_offset, box)

    def code(self, recipe, text):
        source = recipe.path / "settings.py"
        source = source if source.exists() else recipe.main
        block = nodes.literal_block(text, text, language="python", classes=["merge"])
        block["source"] = str(source)
        self.set_source_info(block)
        return block


def scopes(recipe):
    """Yield what the keys change for tasks that the recipe is not about.

    >>> from cookbook.catalogue import find
    >>> from cookbook.site.directives import scopes
    >>> list(scopes(find("rate-limit")))
    ['`broker_class` is the broker of all your tasks; it replaces one that you ...']
    >>> list(scopes(find("save-limit")))
    ['`save_limit` applies to all tasks of a cluster. If your other tasks need ...']
    >>> list(scopes(find("qdrain")))
    []
    """
    keys = list(recipe.settings().get("Q_CLUSTER") or {})
    if "broker_class" in keys:
        yield (
            "`broker_class` is the broker of all your tasks; "
            "it replaces one that you have set."
        )
    values = [f"`{one}`" for one in keys if one not in {"ALT_CLUSTERS", "broker_class"}]
    if values:
        *most, last = values
        names = f"{', '.join(most)} and {last} apply" if most else f"{last} applies"
        yield (
            f"{names} to all tasks of a cluster. If your other tasks need other "
            "values, keep those, or run {doc}`two clusters </deploy/several-clusters>`."
        )


def link_archive(name, rawtext, text, lineno, inliner, options=None, content=None):
    """The role {take}`name`: a link to the archive of a recipe."""
    docname = inliner.document.settings.env.docname
    place = f"{'../' * docname.count('/')}take/{text}.zip"
    return [
        nodes.reference(rawtext, f"{text}.zip", refuri=place, classes=["archive"])
    ], []


def write_archives(app, error):
    """Write an archive of each recipe beside the site, and one of them all."""
    from cookbook.catalogue import recipes

    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "take"
    folder.mkdir(exist_ok=True)
    everything = {}
    for recipe in recipes():
        if recipe.is_for_copying and not take.is_settings_only(recipe):
            (folder / f"{recipe.name}.zip").write_bytes(take.archive(recipe))
            home = "" if recipe.path.is_file() else f"{recipe.path.stem}/"
            everything |= {home + p: f for p, f in take.contents(recipe).items()}
    (folder / "all.zip").write_bytes(take.zipped(everything))


def setup(app):
    app.add_directive("recipe", RecipeFile)
    app.add_directive("session", Session)
    app.add_directive("edges", Edges)
    app.add_directive("take", Take)
    app.add_role("take", link_archive)
    app.connect("build-finished", write_archives)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
