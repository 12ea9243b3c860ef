"""The commands of Django-Q2: every flag, what it prints, how it ends.

Needs: blessed, pexpect, psutil, pyte.

All commands and flags, from the commands' own parsers, less what every command has:

>>> from cookbook.reference.commands import list_flags
>>> print(list_flags())
| Command | Flag | What it does |
| --- | --- | --- |
| [`qcluster`](#qcluster) | `--run-once` | Stops as soon as the cluster runs |
| [`qcluster`](#qcluster) | `-n, --name` | Changes nothing where processes are forked |
| [`qinfo`](#qinfo) | `--config` | Prints the configuration, the secret key too |
| [`qinfo`](#qinfo) | `--ids` | Prints the id of each cluster |
| [`qmemory`](#qmemory) | `--run-once` | Prints once and ends |
| [`qmemory`](#qmemory) | `--workers` | Adds a table with a column for each worker |
| [`qmonitor`](#qmonitor) | `--run-once` | Prints once and ends |
"""

from django.core.management import BaseCommand, get_commands, load_command_class

from cookbook.harness.trial import table

FLAGS = {
    "qcluster": {
        "--run-once": "Stops as soon as the cluster runs",
        "-n, --name": "Changes nothing where processes are forked",
    },
    "qinfo": {
        "--config": "Prints the configuration, the secret key too",
        "--ids": "Prints the id of each cluster",
    },
    "qmemory": {
        "--run-once": "Prints once and ends",
        "--workers": "Adds a table with a column for each worker",
    },
    "qmonitor": {"--run-once": "Prints once and ends"},
}


def commands():
    """Return the names of the commands that Django-Q2 adds to `manage.py`."""
    return sorted(name for name, app in get_commands().items() if app == "django_q")


def flags(command):
    """Return the flags of a command."""
    parser = command.create_parser("manage.py", "")
    return [", ".join(action.option_strings) for action in parser._actions]


def list_flags():
    """Return all flags as a table; one that nobody has described is an error."""
    rows, common = {}, flags(BaseCommand())
    for name in commands():
        for flag in flags(load_command_class("django_q", name)):
            if flag not in common:
                rows[f"[`{name}`](#{name}) | `{flag}`"] = FLAGS[name][flag]
    heads = ("Command | Flag", "What it does")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")
