"""Enqueue one task for each item of an iterable, as `async_task` would.

A tuple holds the arguments of one task, any other item is its one argument. Options
are those of `async_task`, and are the same for all tasks:

>>> from cookbook.scaling.bulk_enqueue.bulk import Call, async_tasks
>>> ids = async_tasks("math.pow", ((n, 2) for n in range(20)), group="squares")

The ids come back in order:

>>> from django_q.tasks import result
>>> result(ids[9], wait=30_000)
81.0

A `Call` has keyword arguments and options of its own:

>>> invoices = [Call("7", base=16, task_name="invoice 7"), Call("11", base=2)]
>>> ids = async_tasks(int, invoices, group="invoices")
>>> result(ids[1], wait=30_000)
3

One item that cannot be enqueued keeps all of them out of the queue:

>>> from cookbook.scaling.bulk_enqueue.bulk import BadItemError
>>> try:
...     async_tasks("math.sqrt", [4, 9, (n for n in [16])])
... except BadItemError as error:
...     print(error)
item 2, (<generator ob...>,): cannot pickle 'generator' object; no task was enqueued
"""

from collections.abc import Callable, Iterable
from reprlib import repr as shorten
from typing import Any

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf, logger
from django_q.humanhash import uuid
from django_q.signals import pre_enqueue
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from .writers import writer

BATCH = 1000  # Tasks in one statement,
SIZE = 4_000_000  # or fewer, when their payloads have this many characters.
COMMON = {"broker", "cluster", "sync"}
OPTIONS = COMMON | {
    "ack_failure", "cached", "chain", "group", "hook", "iter_cached", "iter_count",
    "save", "timeout",
}  # fmt: skip


class BadItemError(ValueError):
    """An item that cannot be enqueued; `index` says which one."""

    def __init__(self, index: int, arguments: tuple[Any, ...], reason: object) -> None:
        self.index = index
        super().__init__(
            f"item {index}, {shorten(arguments)}: {reason}; no task was enqueued"
        )


class Call:
    """The arguments of one task, and options of its own, as `async_task` takes them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if common := COMMON & (kwargs.keys() | kwargs.get("q_options", {}).keys()):
            raise TypeError(f"give {', '.join(sorted(common))} to async_tasks instead")
        self.args, self.kwargs = args, kwargs

    def merge(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the keywords of all tasks with those of this one."""
        merged = options | self.kwargs
        if both := options.get("q_options", {}) | self.kwargs.get("q_options", {}):
            merged["q_options"] = both
        return merged


def package(func: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> dict:
    """Return the package that `async_task` would make."""
    kwargs = dict(keywords)
    inner = kwargs.pop("q_options", {})
    name, tag = uuid()
    name = kwargs.pop("task_name", None) or inner.get("task_name") or name
    task = {"id": tag, "name": name, "func": func, "args": args}
    for key in OPTIONS:
        if key in inner:
            task[key] = inner[key]
        elif key in kwargs:
            task[key] = kwargs.pop(key)
    for key, value in (("cached", Conf.CACHED), ("ack_failure", Conf.ACK_FAILURES)):
        if value:
            task.setdefault(key, value)
    return task | {"kwargs": kwargs, "started": timezone.now()}


def async_tasks(
    func: str | Callable[..., Any], arguments: Iterable[Any], **options: Any
) -> list[str]:
    """Enqueue a task for each item, all or none; return their ids in order.

    Raises BadItemError where an item cannot be pickled.
    """
    calls = (
        item if isinstance(item, Call) else
        Call(*item) if isinstance(item, tuple) else Call(item)
        for item in arguments
    )  # fmt: skip
    common = package(func, (), options)
    if common.get("sync", Conf.SYNC):
        return [async_task(func, *one.args, **one.merge(options)) for one in calls]
    broker = common.get("broker") or get_broker(common.get("cluster"))
    ids: list[str] = []
    batch: list[str] = []
    size = 0
    with writer(broker) as write:
        for index, call in enumerate(calls):
            task = package(func, call.args, call.merge(options))
            task.pop("broker", None)
            pre_enqueue.send(sender="django_q", task=task)
            if task.get("sync"):
                raise BadItemError(index, call.args, "a receiver set sync")
            try:
                batch.append(SignedPackage.dumps(task))
            except Exception as error:
                raise BadItemError(index, call.args, error) from error
            ids.append(task["id"])
            size += len(batch[-1])
            if len(batch) == BATCH or size > SIZE:
                write(batch)
                batch, size = [], 0
        if batch:
            write(batch)
    logger.info(f"Enqueued [{broker.list_key}] {len(ids)} tasks")
    return ids
