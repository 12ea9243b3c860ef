"""The commands of Django-Q2: every flag, what it prints, how it ends.

Needs: blessed, pexpect, psutil, pyte.

>>> from cookbook.reference.commands import commands, flags
>>> commands()
['qcluster', 'qinfo', 'qmemory', 'qmonitor']
>>> for name in commands():
...     print(name, flags(name))
qcluster {'--run-once': False, '-n/--name': None}
qinfo {'--config': False, '--ids': False}
qmemory {'--run-once': False, '--workers': False}
qmonitor {'--run-once': False}
"""

from django.core.management import BaseCommand, get_commands, load_command_class


def commands():
    """Return the names of the commands that Django-Q2 adds to `manage.py`."""
    return sorted(name for name, app in get_commands().items() if app == "django_q")


def flags(name):
    """Return the flags that not every command has, with their defaults."""
    command = load_command_class("django_q", name)
    common = _flags(BaseCommand())
    return {k: v for k, v in _flags(command).items() if k not in common}


def _flags(command):
    parser = command.create_parser("manage.py", "")
    return {"/".join(a.option_strings): a.default for a in parser._actions}
