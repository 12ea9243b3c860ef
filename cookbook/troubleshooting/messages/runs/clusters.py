"""Start clusters and stop them, and let some fail to start."""

import os
from unittest import TestCase, mock

from django_q.cluster import set_cpu_affinity
from django_q.conf import get_ppid

from cookbook.harness.trial import Q_CLUSTER, Cluster, own_log, workspace


def life():
    """A cluster that starts, and that stops when its main process gets SIGTERM.

    >>> from cookbook.troubleshooting.messages.runs import clusters, printed
    >>> log = clusters.life()
    >>> for words in (
    ...     "starting.", "guarding", "running.", "got signal", "stopping.",
    ...     "stopping cluster", "waiting for", "has stopped",
    ... ):
    ...     print(printed(log, words))
    INFO Q Cluster ... starting.
    INFO Process-... guarding cluster ... [shop]
    INFO Q Cluster ... [shop] running.
    DEBUG MainProcess got signal SIGTERM
    INFO Q Cluster ... stopping.
    INFO Process-... stopping cluster processes
    INFO Process-... waiting for the monitor.
    INFO Q Cluster ... has stopped.
    """
    with workspace({"Q_CLUSTER": Q_CLUSTER | {"log_level": "DEBUG"}}) as project:
        cluster = Cluster(project).start().wait()
        cluster.stop()
        return cluster.log


def fail_to_start():
    """A broker that cannot be imported: the sentinel ends before the workers start.

    >>> from cookbook.troubleshooting.messages.runs import clusters, printed
    >>> log = clusters.fail_to_start()
    >>> for words in ("ModuleNotFoundError", "exit code", "exited with code"):
    ...     print(printed(log, words))
    ModuleNotFoundError: No module named 'shop'
    ERROR Q Cluster ... failed to start. Sentinel exited with exit code 1.
    RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
    """
    broken = Q_CLUSTER | {"broker_class": "shop.brokers.Broker"}
    with workspace({"Q_CLUSTER": broken}) as project:
        cluster = Cluster(project).start()
        cluster.process.wait()
        return cluster.log


def bind():
    """Workers that are bound to processors, on a machine with more than one.

    >>> from cookbook.harness.trial import observe
    >>> from cookbook.troubleshooting.messages.runs import clusters, printed
    >>> print(printed(observe(clusters.bind, cpu_affinity=1), "will use cpu"))
    INFO ... will use cpu [0]
    """
    return own_log()


def without_affinity():
    """A psutil that cannot bind a process, as on macOS. Here a fake takes its place.

    >>> from cookbook.troubleshooting.messages.runs import clusters
    >>> print(clusters.without_affinity())
    WARNING:django-q:Faking cpu affinity because it is not supported on this platform
    INFO:django-q:... will use cpu [0]
    """
    fake = mock.Mock(**{"cpu_count.return_value": 2})
    fake.Process.return_value = object()
    with mock.patch("django_q.cluster.psutil", fake):
        return log_of(set_cpu_affinity, 1, [os.getpid()])


def without_psutil():
    """A call of your own where psutil is not installed. psutil is hidden here.

    >>> from cookbook.troubleshooting.messages.runs import clusters
    >>> print(clusters.without_psutil())
    WARNING:django-q:Skipping cpu affinity because psutil was not found.
    """
    with mock.patch("django_q.cluster.psutil", None):
        return log_of(set_cpu_affinity, 1, [])


def log_of(function, *arguments):
    """Call a function in this process; return what Django-Q2 logs meanwhile."""
    with TestCase().assertLogs("django-q") as log:
        function(*arguments)
    return "\n".join(log.output)


def without_getppid():
    """Python without `os.getppid`, and without psutil. Both are hidden here.

    >>> from cookbook.troubleshooting.messages.runs import clusters
    >>> clusters.without_getppid()
    Traceback (most recent call last):
        ...
    OSError: Your OS does not support `os.getppid`. Please install `psutil` as ...
    """
    bare = mock.patch.multiple("django_q.conf", psutil=None, os=mock.Mock(spec=[]))
    with bare:
        get_ppid()
