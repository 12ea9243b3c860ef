"""PRODUCTION_PROCESSES and DjangoQ2Worker: every key, command and error.

Needs: django-prodserver, gunicorn.

Every command of django-prodserver, and its own arguments:

>>> from cookbook.reference.production_processes import list_commands
>>> print(list_commands())
| Command | Arguments | What it starts |
| --- | --- | --- |
| `devserver` | those of `runserver` | `runserver`, after a warning |
| `prodserver` | `process_name`, `--list` | what `server` starts, after a warning |
| `server` | `process_name`, `--list` | an entry whose backend is a web server |
| `worker` | `process_name`, `--list` | an entry whose backend is a worker |
"""

import ast
from pathlib import Path

import django_prodserver
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError
from django.test import override_settings
from django.utils.module_loading import import_string
from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker

from cookbook.harness.trial import table

from .example import PRODUCTION_PROCESSES

SOURCE = Path(django_prodserver.__file__).parent
COMMANDS = {
    "devserver": "`runserver`, after a warning",
    "prodserver": "what `server` starts, after a warning",
    "server": "an entry whose backend is a web server",
    "worker": "an entry whose backend is a worker",
}


def commands():
    """Return the names of the commands that django-prodserver adds."""
    apps = get_commands().items()
    return sorted(name for name, app in apps if app == "django_prodserver")


def parameters(command):
    parser = command.create_parser("manage.py", "")
    return [(a.option_strings or [a.dest])[-1] for a in parser._actions]


def list_commands():
    """Return the commands as a table; one that nobody has described is an error."""
    assert django_prodserver.__version__ == "3.0.0"
    rows, common = {}, parameters(BaseCommand())
    with override_settings(PRODUCTION_PROCESSES={"worker": {}}):
        for name in commands():
            command = load_command_class("django_prodserver", name)
            own = [f"`{one}`" for one in parameters(command) if one not in common]
            own = "those of `runserver`" if name == "devserver" else ", ".join(own)
            rows[f"`{name}` | {own}"] = COMMANDS[name]
    heads = ("Command | Arguments", "What it starts")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")


def keys():
    """Return the keys that the source reads from an entry of the setting.

    >>> from cookbook.reference.production_processes import keys
    >>> keys()
    ['ARGS', 'BACKEND']
    """
    nodes = ast.walk(ast.parse((SOURCE / "management/base.py").read_text()))
    nodes = [*nodes, *ast.walk(ast.parse((SOURCE / "backends/base.py").read_text()))]
    entry = ("process_config[", "server_args.get(")
    lookups = filter(lambda code: code.startswith(entry), map(ast.unparse, nodes))
    return sorted({code.split("'")[1] for code in lookups})


def start(arguments):
    """Pass ARGS to `qcluster` as `manage.py worker` does; say what comes of it."""
    try:
        worker = DjangoQ2Worker(ARGS=arguments)
        passed = worker.prep_server_args()
        worker.start_server(*passed)
    except CommandError as error:
        text = (
            str(error)
            .removeprefix("Error: ")
            .removeprefix("argument --run-once: ")
            .partition(" '")[0]
            .split(": --")[0]
        )
        return f"`{' '.join(passed)}`: {text}"
    except AttributeError as error:
        return f"`AttributeError: {error}`"
    return f"`{' '.join(passed)}`: accepted"


def args():
    """Return what becomes of ARGS.

    >>> from cookbook.reference.production_processes import args
    >>> print(args())
    | `ARGS` | What `qcluster` gets and answers |
    | --- | --- |
    | `{"run-once": None, "verbosity": 2}` | `--run-once --verbosity=2`: accepted |
    | `{"run-once": True}` | `--run-once=True`: ignored explicit argument |
    | `"--run-once"` | `--run-once`: accepted |
    | `"--run-once --name=shop"` | `--run-once --name=shop`: unrecognized arguments |
    | `{"workers": 4}` | `--workers=4`: unrecognized arguments |
    | `{"n": "shop"}` | `--n=shop`: ambiguous option |
    | `["--run-once"]` | `AttributeError: 'list' object has no attribute 'items'` |
    | `None` | `AttributeError: 'NoneType' object has no attribute 'items'` |
    """
    for entry in PRODUCTION_PROCESSES.values():
        import_string(entry["BACKEND"])
    ignored = DjangoQ2Worker(BACKEND="...", ARGS={}, OPTIONS={"workers": 4})
    assert ignored.prep_server_args() == []
    assert DjangoQ2Worker(ARGS={"name": ""}).prep_server_args() == ["--name="]
    return table({
        '`{"run-once": None, "verbosity": 2}`':
            start({"run-once": None, "verbosity": 2}),
        '`{"run-once": True}`': start({"run-once": True}),
        '`"--run-once"`': start("--run-once"),
        '`"--run-once --name=shop"`': start("--run-once --name=shop"),
        '`{"workers": 4}`': start({"workers": 4}),
        '`{"n": "shop"}`': start({"n": "shop"}),
        '`["--run-once"]`': start(["--run-once"]),
        "`None`": start(None),
    }, ("`ARGS`", "What `qcluster` gets and answers"))  # fmt: skip
