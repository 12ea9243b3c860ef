"""Which ARGS a process of Django-Q2 may have.

>>> from django.core.management import call_command
>>> from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker

Besides the options of every command, `qcluster` has two:

>>> options()
['--name', '--run-once']

The backend turns ARGS into options; None stands for an option without a value:

>>> DjangoQ2Worker(ARGS={"run-once": None, "name": "priority"}).prep_server_args()
['--run-once', '--name=priority']

`qcluster` refuses to start with any other:

>>> call_command("qcluster", "--cluster-name=priority")
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: Error: unrecognized arguments: ...
"""

from django.core.management import BaseCommand, load_command_class


def options():
    """Return the options of `qcluster` that not every command has."""
    qcluster = load_command_class("django_q", "qcluster")
    return sorted(_options(qcluster) - _options(BaseCommand()))


def _options(command):
    parser = command.create_parser("manage.py", "")
    return {action.option_strings[-1] for action in parser._actions}
