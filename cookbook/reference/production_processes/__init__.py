"""PRODUCTION_PROCESSES and DjangoQ2Worker: every key, command and error.

Needs: django-prodserver.

The release that this page describes, and the commands that it adds:

>>> import django_prodserver
>>> from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker
>>> from cookbook.reference.production_processes import (
...     arguments, commands, flags, keys, start,
... )
>>> django_prodserver.__version__
'3.0.0'
>>> commands()
['devserver', 'prodserver', 'server', 'worker']
>>> flags("worker"), flags("server"), flags("prodserver")
(['process_name', '--list'], ['process_name', '--list'], ['process_name', '--list'])

The keys that the setting's entries may have, taken from the source:

>>> keys()
['ARGS', 'BACKEND']

A key that nobody reads is not refused:

>>> DjangoQ2Worker(BACKEND="...", ARGS={}, OPTIONS={"workers": 4}).prep_server_args()
[]

ARGS are a dictionary or one string; a value becomes text as it is:

>>> arguments({"run-once": None, "verbosity": 2})
['--run-once', '--verbosity=2']
>>> arguments({"run-once": True}), arguments({"name": ""}), arguments({})
(['--run-once=True'], ['--name='], [])
>>> arguments("--run-once"), arguments("--run-once --name=shop")
(['--run-once'], ['--run-once --name=shop'])
>>> arguments(["--run-once"])
Traceback (most recent call last):
    ...
AttributeError: 'list' object has no attribute 'items'
>>> arguments(None)
Traceback (most recent call last):
    ...
AttributeError: 'NoneType' object has no attribute 'items'

`qcluster` decides whether it takes them:

>>> start({"run-once": True})
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: Error: argument --run-once: ignored ...
>>> start("--run-once --name=shop")
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: Error: unrecognized arguments: ...
>>> start({"workers": 4})
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: Error: unrecognized arguments: --workers=4
>>> start({"n": "shop"})
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: Error: ambiguous option: --n=shop could ...
"""

import ast
from pathlib import Path

import django_prodserver
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.test import override_settings
from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker

SOURCE = Path(django_prodserver.__file__).parent


def commands():
    """Return the names of the commands that django-prodserver adds."""
    known = get_commands().items()
    return sorted(name for name, app in known if app == "django_prodserver")


def flags(name):
    """Return the arguments of a command that not every command has."""
    with override_settings(PRODUCTION_PROCESSES={"worker": {}}):
        own = _arguments(load_command_class("django_prodserver", name))
    return [flag for flag in own if flag not in _arguments(BaseCommand())]


def _arguments(command):
    parser = command.create_parser("manage.py", "")
    return [(a.option_strings or [a.dest])[-1] for a in parser._actions]


def keys():
    """Return the keys that its source reads from an entry of the setting."""
    nodes = ast.walk(ast.parse((SOURCE / "management/base.py").read_text()))
    nodes = [*nodes, *ast.walk(ast.parse((SOURCE / "backends/base.py").read_text()))]
    entry = ("process_config[", "server_args.get(")
    read = filter(lambda code: code.startswith(entry), map(ast.unparse, nodes))
    return sorted({code.split("'")[1] for code in read})


def arguments(given):
    return DjangoQ2Worker(ARGS=given).prep_server_args()


def start(given):
    """Start `qcluster` with ARGS, as `manage.py worker` does."""
    worker = DjangoQ2Worker(ARGS=given)
    worker.start_server(*worker.prep_server_args())
