"""Run the commands of django-prodserver under settings that are right or wrong."""

import sys
from contextlib import closing

from django.test import override_settings
from django_prodserver.management.commands.worker import Command

from cookbook.harness.trial import MANAGE, WORKER, Cluster, Project, workspace

ONCE = {"BACKEND": WORKER, "ARGS": {"run-once": None}}
RIGHT = {"worker": ONCE}


def run(*commands, entries=RIGHT, options=()):
    """Run commands of `manage.py`, with `entries` as PRODUCTION_PROCESSES."""
    with workspace({"PRODUCTION_PROCESSES": entries}) as project:
        python = [sys.executable, *options, MANAGE]
        outputs = [Cluster(project).output([*python, *c.split()]) for c in commands]
    return "".join(printed for _, printed in outputs)


def start(*packages):
    """Start a worker where `django_q` is not in INSTALLED_APPS; return its last line.

    Only django-prodserver and these packages are installed.
    """
    with closing(Project("django-prodserver", *packages)) as project:
        project.has(apps=["django_prodserver"])
        return project.run("worker").splitlines()[-1]


def without_django_q2():
    """Start a worker where Django-Q2 is not installed.

    >>> from cookbook.troubleshooting.messages.runs import prodserver
    >>> print(prodserver.without_django_q2())
    django.core.exceptions.ImproperlyConfigured: django-q2 is required to use Django...
    """
    return start()


def without_app():
    """Start a worker where Django-Q2 is installed and not in INSTALLED_APPS.

    >>> from cookbook.troubleshooting.messages.runs import prodserver
    >>> print(prodserver.without_app())
    django.core.exceptions.ImproperlyConfigured: Add 'django_q' to INSTALLED_APPS to...
    """
    return start("django-q2")


def no_entries():
    """Start a worker where the setting is empty, and where it is a list.

    >>> from cookbook.troubleshooting.messages.runs import printed, prodserver
    >>> for log in prodserver.no_entries():
    ...     print(printed(log, "CommandError: "))
    django...CommandError: No workers configured in the PRODUCTION_PROCESSES setting.
    django...CommandError: PRODUCTION_PROCESSES setting has been configured incorrectly.
    """
    return [run("worker", entries=entries) for entries in ({}, [])]


def wrong_entries():
    """Start an entry without BACKEND, and a worker with the command for web servers.

    >>> from cookbook.troubleshooting.messages.runs import printed, prodserver
    >>> log = prodserver.wrong_entries()
    >>> for words in ("not configured", "not a valid", "That backend"):
    ...     print(printed(log, words))
    CommandError: Backend not configured for worker named nothing
    Command...: Backend '...' configured for ... named '...' is not a valid ... backend.
    That backend is a worker backend; run `python manage.py worker worker` instead.
    """
    return run("worker nothing", "server worker", entries=RIGHT | {"nothing": {}})


def unknown_name():
    """Call the command from Python with a name that the setting does not have.

    >>> from cookbook.troubleshooting.messages.runs import prodserver
    >>> prodserver.unknown_name()
    Traceback (most recent call last):
        ...
    django...Error: Worker named 'wroker' not found in the PRODUCTION_PROCESSES setting
    Available names are:
     worker
    """
    with override_settings(PRODUCTION_PROCESSES=RIGHT):
        Command().start_process("wroker")


def old_commands():
    """Run both commands that will be removed. Neither starts anything here.

    >>> from cookbook.troubleshooting.messages.runs import printed, prodserver
    >>> log = prodserver.old_commands()
    >>> for words in ("`prodserver`", "`devserver`"):
    ...     print(printed(log, words))
    DeprecationWarning: The `prodserver` management command is deprecated and will be...
    DeprecationWarning: The `devserver` management command is deprecated and will be...
    """
    return run("prodserver worker", "devserver nowhere")


def old_path():
    """Start a worker by the path of older releases, with the warnings of Python.

    >>> from cookbook.troubleshooting.messages.runs import printed, prodserver
    >>> log = prodserver.old_path()
    >>> for words in ("named", "DeprecationWarning", "running."):
    ...     print(printed(log, words))
    Starting worker named worker
    ...: DeprecationWarning: django_prodserver.backends.django_q2 is deprecated; ...
    INFO Q Cluster ... running.
    """
    old = {"BACKEND": "django_prodserver.backends.django_q2.DjangoQ2Worker"}
    return run("worker", entries={"worker": ONCE | old}, options=["-W", "default"])


def names():
    """List the names of the setting.

    >>> from cookbook.troubleshooting.messages.runs import prodserver
    >>> print(prodserver.names())
    Available worker process names are:
     worker
    """
    return run("worker --list").strip()
