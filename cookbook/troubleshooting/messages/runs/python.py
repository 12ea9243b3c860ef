"""Tasks that fail in a cluster, each in a way that people report.

One cluster runs them all. Each docstring prints what `log()` has of its function.
"""

import asyncio
import sys
from functools import cache
from multiprocessing import Process
from socket import create_connection
from threading import Lock
from types import ModuleType

from django.contrib.auth.models import User
from django_q.tasks import async_task

from cookbook.harness.trial import observe, own_log, stop, wait_until

DOUBLE = {"double": lambda number: 2 * number}["double"]


@cache
def log():
    """Return the log of a cluster that runs the functions of this module."""
    return observe(run, timeout=60)


def lock():
    """Return something that cannot be pickled.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "'_thread.lock'"))
    TypeError: cannot pickle '_thread.lock' object
    """
    return Lock()


def nameless():
    """Return a function that has no name in its module.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "Can't pickle"))
    _pickle.PicklingError: Can't pickle <function <lambda> at 0x...>: ...
    """
    return DOUBLE


async def mail():
    """Send a mail, as a task that is an `async def` function."""


def send_mail():
    """Send a task that is an `async def` function, and another one after it.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "never awaited"))
    /...: RuntimeWarning: coroutine 'mail' was never awaited
    """
    async_task(mail)
    async_task("gc.collect")


def greet(name):
    """A task that gets other arguments than it has.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "TypeError: greet() got an"))
    TypeError: greet() got an unexpected keyword argument 'nam'
    >>> print(printed(python.log(), "TypeError: greet() missing"))
    TypeError: greet() missing 1 required positional argument: 'name'
    >>> print(printed(python.log(), "TypeError: greet() takes"))
    TypeError: greet() takes 1 positional argument but 2 were given
    """


def start_process():
    """Start a process in a worker.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "AssertionError"))
    AssertionError: daemonic processes are not allowed to have children
    """
    Process(target=abs, args=(-1,)).start()


def call():
    """Connect to a port where nothing listens.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "ConnectionRefusedError"))
    ConnectionRefusedError: [Errno 111] Connection refused
    """
    create_connection(("127.0.0.1", 1), 60)


def view():
    """Send a task from an `async def` function.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "exceptions.Sync"))
    django.core.exceptions.SynchronousOnlyOperation: You cannot call this from an async context - use a thread or sync_to_async.
    """

    async def handle():
        async_task(greet, "Ada")

    asyncio.run(handle())


def welcome(pk):
    """Load a row that is not there.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "User.DoesNotExist"))
    django.contrib.auth.models.User.DoesNotExist: User matching query does not exist.
    """
    return User.objects.get(pk=pk)


def send_from_new_module():
    """Send a function of a module that the cluster cannot import.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "ModuleNotFoundError: No module named 'new_app'"))
    ModuleNotFoundError: No module named 'new_app'
    """
    sys.modules["new_app"] = module = ModuleType("new_app")
    exec("def tasks(): pass", module.__dict__)
    async_task(module.tasks)


def send_new_function():
    """Send a function that the cluster's copy of a module does not have.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "Can't get attribute"))
    AttributeError: Can't get attribute 'new_function' on <module ...>
    """

    def new_function():
        """Be a task of the next release."""

    new_function.__qualname__ = "new_function"
    sys.modules[__name__].new_function = new_function
    async_task(new_function)


def send_to_module_without_package():
    """Send the path of a function whose module needs a package that is missing.

    >>> from cookbook.troubleshooting.messages.runs import printed, python
    >>> print(printed(python.log(), "pydoc.Error"))
    pydoc.ErrorDuringImport: problem in django.db.backends.oracle.base - ...
    """
    async_task("django.db.backends.oracle.base.DatabaseWrapper")


def run():
    send_mail()
    for function in (lock, nameless, start_process, call, view):
        async_task(function)
    async_task(greet, nam="Ada")
    async_task(greet)
    async_task(greet, "Ada", "Lovelace")
    async_task(welcome, 0)
    send_to_module_without_package()
    async_task("builtins.abs", -1)
    wait_until(lambda: "Processed 'builtins.abs'" in own_log(), 60, own_log)
    for send, words in (
        (send_from_new_module, "named 'new_app'"),
        (send_new_function, "get attribute"),
    ):
        send()  # It ends the pusher; the sentinel starts another one.
        wait_until(lambda words=words: words in own_log(), 60, own_log)
    stop()
    return own_log()
