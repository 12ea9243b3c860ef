"""How a file of each language is read strictly: by a parser that refuses mistakes.

Each function takes a text and raises where it is wrong. What a file says to `manage.py`
is parsed by the command that it names, what a Dockerfile says to pip by pip.

>>> from cookbook.languages import crontab, FILES
>>> FILES["json"]('{"a": 1}')
{'a': 1}
>>> crontab("60 * * * * true")
Traceback (most recent call last):
    ...
AssertionError: cron has no such time: 60 * * * * true
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
from dockerfile_parse import DockerfileParser
from honcho.environ import parse_procfile

from cookbook.catalogue import COOKBOOK, recipes

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
    names = json.loads((COOKBOOK / "evidence/systemd.json").read_text())["known"]
    if names.keys() & parser:
        for section in parser.sections():
            strange = set(parser[section]) - set(names.get(section, ()))
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
    process = subprocess.run(command, capture_output=True, text=True)
    assert not process.returncode, process.stderr


def crontab(text):
    for line in text.splitlines():
        *times, command = line.split(None, 5)
        assert croniter.is_valid(" ".join(times)), f"cron has no such time: {line}"
        assert re.match(r"[a-z]", command), f"five fields, then a command: {line}"


def bash(text):
    """Let bash itself read a script; it runs nothing of it."""
    process = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
    assert not process.returncode, process.stderr
    commands(text)


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
    "bash": bash,
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
