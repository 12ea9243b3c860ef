"""Queue tasks, and break their functions, hooks and packages."""

from functools import cache

from django.conf import settings
from django.db import transaction
from django_q import core_signing
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import PickleSerializer, SignedPackage
from django_q.tasks import async_task

from cookbook.harness.trial import (
    Q_CLUSTER,
    first_look,
    logged,
    observe,
    own_log,
    wait_until,
    workspace,
)


def enqueue():
    """Queue a task inside a transaction, with `log_level` DEBUG.

    >>> from cookbook.troubleshooting.messages.runs import printed, tasks
    >>> log = tasks.log_of(tasks.enqueue, log_level="DEBUG")
    >>> for words in ("in an atomic", "Enqueued", "Pushed"):
    ...     print(printed(log, words))
    DEBUG Broker in an atomic transaction
    INFO Enqueued [shop] 1
    DEBUG Pushed ('...', '...')
    """
    with transaction.atomic():
        async_task(abs, -1)


def log_of(function, **changes):
    """Call a function in a new project without a cluster; return the log."""
    with workspace({"Q_CLUSTER": Q_CLUSTER | changes}) as project:
        return logged(project, function)


def misname():
    """Queue the path of a function that does not exist.

    >>> from cookbook.troubleshooting.messages.runs import printed, tasks
    >>> print(printed(tasks.cluster_log(), "is not defined"))
    ERROR Failed 'shop.tasks.send' (...) - Function shop.tasks.send is not defined ...
    """
    async_task("shop.tasks.send")


def misname_hook():
    """Queue a task whose hook does not exist.

    >>> from cookbook.troubleshooting.messages.runs import printed, tasks
    >>> print(printed(tasks.cluster_log(), "malformed"))
    ERROR malformed return hook 'shop.hooks.mail' for [report]
    """
    async_task(abs, -1, task_name="report", hook="shop.hooks.mail")


def break_hook():
    """Queue a task whose hook raises an error.

    >>> from cookbook.troubleshooting.messages.runs import printed, tasks
    >>> print(printed(tasks.cluster_log(), "failed on"))
    ERROR return hook builtins.int failed on [report] because int() argument must be...
    """
    async_task(abs, -1, task_name="report", hook="builtins.int")


def sign_with_another_key():
    """Queue a task that was signed with another SECRET_KEY.

    >>> from cookbook.troubleshooting.messages.runs import printed, tasks
    >>> print(printed(tasks.cluster_log(), "BadSignature: Signature"))
    django.core.signing.BadSignature: Signature "..." does not match
    """
    package = core_signing.dumps(
        {"func": "builtins.abs"}, "another key", Conf.PREFIX, PickleSerializer
    )
    OrmQ.objects.create(key="shop", payload=package, lock="2026-01-01T00:00Z")


def queue_text():
    """Put something into the queue that Django-Q2 has not signed.

    >>> from cookbook.troubleshooting.messages.runs import printed, tasks
    >>> print(printed(tasks.cluster_log(), "BadSignature: No"))
    django.core.signing.BadSignature: No ":" found in value
    """
    OrmQ.objects.create(key="shop", payload="abs(-1)", lock="2026-01-01T00:00Z")


@cache
def cluster_log():
    """Queue all these tasks beside one cluster and return its log."""
    return observe(queue_all)


def queue_all():
    for queue in (
        misname, misname_hook, break_hook, sign_with_another_key, queue_text
    ):  # fmt: skip
        queue()
    words = ("not defined", "malformed", "failed on", "not match\n", "in value\n")
    wait_until(lambda: all(word in own_log() for word in words), 60, own_log)
    return own_log()


def expire():
    """Read a package with an age limit, which Django-Q2 itself never sets.

    >>> from cookbook.troubleshooting.messages.runs import tasks
    >>> tasks.expire()
    Traceback (most recent call last):
        ...
    django.core.signing.SignatureExpired: Signature age ... > 0 seconds
    """
    package = SignedPackage.dumps("a task")
    core_signing.loads(
        package, settings.SECRET_KEY, Conf.PREFIX, PickleSerializer, max_age=0
    )


def synchronous():
    """Start a cluster whose settings say `sync`.

    >>> from cookbook.troubleshooting.messages.runs import printed, tasks
    >>> print(printed(tasks.synchronous(), "Preserving"))
    WARNING Preserving django database connections because sync=True. Beware...
    """
    return first_look(print, sync=True)
