"""Run the commands of Django-Q2 without a cluster, or without a package they need."""

from contextlib import closing

from cookbook.harness.trial import Cluster, Project, workspace


def qinfo(flag):
    with workspace({}) as project:
        command = [*Cluster(project).command, "qinfo", flag]
        return Cluster(project).output(command)[1].strip()


def no_clusters():
    """Ask for the ids of clusters where none runs.

    >>> from cookbook.troubleshooting.messages.runs import commands
    >>> print(commands.no_clusters())
    No clusters appear to be running.
    """
    return qinfo("--ids")


def configuration():
    """Print the settings, the secret key among them.

    >>> from cookbook.troubleshooting.messages.runs import commands, printed
    >>> settings = commands.configuration()
    >>> for words in ("VERSION", "RETRY", "SECRET_KEY"):
    ...     print(printed(settings, words))
    VERSION: ...
    RETRY: 300
    SECRET_KEY: not-a-secret-...
    """
    return qinfo("--config")


def without(*arguments, packages=()):
    """Run `manage.py` where only Django-Q2 and these packages are installed."""
    with closing(Project("django-q2", *packages)) as project:
        project.has(apps=["django_q"])
        return project.run(*arguments).strip()


def without_blessed():
    """Start a screen where the package blessed is not installed.

    >>> from cookbook.troubleshooting.messages.runs import commands
    >>> print(commands.without_blessed())
    Blessed is not installed. Please install blessed to use this: ...
    """
    return without("qmonitor", "--run-once")


def without_psutil():
    """Start the screen of memory where blessed is installed, and psutil is not.

    >>> from cookbook.troubleshooting.messages.runs import commands
    >>> print(commands.without_psutil())
    Cannot start "qmemory" command. Missing "psutil" library.
    """
    return without("qmemory", "--run-once", packages=["blessed"])
