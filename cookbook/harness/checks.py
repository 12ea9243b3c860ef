"""What a block of each language must pass before it may be shown.

Console sessions and their output are typed by a reader, so here they are typed too.
Everything else is a file of the project, shown by inclusion and read strictly.
A language without a checker fails.
"""

import configparser
import io
import json
import re
import shlex
import sqlite3
import subprocess
import sys
import tomllib

import html5lib
import tinycss2
import yaml
from croniter import croniter
from django.core.management import CommandError, get_commands, load_command_class
from django.template import engines
from django.test import override_settings
from dockerfile_parse import DockerfileParser
from honcho.environ import parse_procfile
from pygments.lexers import get_lexer_by_name
from pygments.token import Error

from cookbook.catalogue import COOKBOOK, ROOT, owner, recipes

# Of the Dockerfile reference, without the deprecated MAINTAINER.
# The parser calls a comment an instruction as well.
DOCKERFILE = re.compile(
    "ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|ONBUILD|RUN|SHELL|"
    "STOPSIGNAL|USER|VOLUME|WORKDIR|COMMENT"
)
PIP = re.compile(r"\bpip\s+(?P<line>[^\n\"'|;&]+)")
MANAGE = re.compile(r"manage\.py\s+(?P<line>[^\n\"'|;&]+)")


def commands(text):
    """Let every `manage.py …` in a file be parsed by the command that it names."""
    apps = get_commands() | {
        file.stem: recipe.package
        for recipe in recipes()
        if recipe.is_for_copying
        for file in recipe.path.glob("management/commands/[!_]*.py")
    }
    for match in MANAGE.finditer(text):
        name, *arguments = shlex.split(match["line"], comments=True)
        assert name in apps, f"manage.py has no command {name!r}"
        command = load_command_class(apps[name], name)
        try:
            # Called from Python, it raises an error instead of ending the process.
            command.create_parser("manage.py", name).parse_args(arguments)
        except CommandError as error:
            raise AssertionError(f"{match[0].strip()}: {error}") from None


def ini(text):
    # Supervisor and systemd repeat keys and write % for themselves.
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(text)
    commands(text)
    # What `nox -s bench -- evidence/systemd` has last asked systemd for.
    known = json.loads((COOKBOOK / "evidence/systemd.json").read_text())["known"]
    if known.keys() & parser:
        for section in parser.sections():
            strange = set(parser[section]) - set(known.get(section, ()))
            assert not strange, f"systemd has no {strange} in [{section}]"


def yaml_documents(text):
    list(yaml.safe_load_all(text))
    commands(text)


def dockerfile(text):
    parser = DockerfileParser(fileobj=io.BytesIO())
    parser.content = text
    assert parser.baseimage, "no line reads `FROM image`"
    for line in parser.structure:
        name = line["instruction"]
        assert DOCKERFILE.fullmatch(name), f"a Dockerfile has no {name}"
        if name == "RUN":
            for match in PIP.finditer(line["value"]):
                _pip(shlex.split(match["line"]))
    commands(text)


def _pip(arguments):
    """Let pip parse what it would be given; it prints its help instead of acting."""
    command = [sys.executable, "-m", "pip", *arguments, "--help"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert not done.returncode, done.stderr


def crontab(text):
    for line in text.splitlines():
        *times, command = line.split(None, 5)
        assert croniter.is_valid(" ".join(times)), f"cron has no such time: {line}"
        assert re.match(r"[a-z]", command), f"five fields, then a command: {line}"


def procfile(text):
    assert parse_procfile(text).processes, "no line reads `name: command`"
    commands(text)


def html(text):
    engines["django"].from_string(text)
    plain = re.sub(r"{%.*?%}|{{.*?}}", "", text).strip()
    parser = html5lib.HTMLParser(strict=True)
    whole = plain.lower().startswith("<!doctype")
    (parser.parse if whole else parser.parseFragment)(plain)


def css(text):
    for rule in tinycss2.parse_stylesheet(text):
        assert rule.type != "error", rule.message


def sql(text):
    """Run every statement, one after the other, in an empty SQLite database."""
    sqlite3.connect(":memory:").executescript(text)


FILES = {
    "css": css,
    "dockerfile": dockerfile,
    "html": html,
    "html+django": html,
    "ini": ini,
    "json": json.loads,
    "procfile": procfile,
    "sql": sql,
    "toml": tomllib.loads,
    "yaml": yaml_documents,
}


LANGUAGES = ["console", "output", "python", "pycon", *FILES]


def check(block, terminals):
    """Accept a block or raise. `terminals` are those of its page.

    Returns what the stamp says of it.
    """
    language = block.language
    assert language in LANGUAGES, (
        f"a block of the language {language!r} has no checker; label it as one of "
        f"{', '.join(LANGUAGES)}"
    )
    # What Sphinx could not highlight, it would warn of when it builds the site.
    tokens = get_lexer_by_name(language).get_tokens(block.text)
    strange = [text for kind, text in tokens if kind is Error]
    assert not strange, f"no word of the language {language!r}: {strange}"
    if language == "output":
        terminals.show(block.text)
        return {"printed": True}
    if language == "console":
        return {"commands": terminals.type(block.text)}
    is_shown = block.source and block.source.is_relative_to(ROOT)
    assert is_shown, (
        f"{language} is typed into the page; move it to a file of the page's recipe in "
        "cookbook/ and show it with {recipe}"
    )
    if language in FILES:
        recipe = owner(block.source)
        settings = recipe.settings() if recipe else {}
        # django-prodserver's commands take their choices from this setting.
        processes = settings.get("PRODUCTION_PROCESSES", {})
        with override_settings(PRODUCTION_PROCESSES=processes):
            FILES[language](block.text)
        return {"checker": language}
    return {}  # Python runs in its own doctest, and coverage proves every line.
