"""What a test asks of the queue: what is in it, and what comes of it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.scheduler import scheduler
from django_q.utils import get_func_repr

from .inline import EveryQueue, cluster_code, run_task


class QueueMixin:
    """Add it to a TestCase or a TransactionTestCase."""

    def open_queue(self) -> EveryQueue:
        if Conf.SYNC or not isinstance(get_broker(), ORM):
            raise ImproperlyConfigured(
                'tests need the ORM broker: Q_CLUSTER |= {"orm": "default", '
                '"sync": False} in the settings of your tests'
            )
        return EveryQueue()

    def read_queue(self) -> list[dict[str, Any]]:
        """Return the tasks in all queues, the oldest first."""
        rows = self.open_queue().get_connection().order_by("lock", "pk")
        return [row.task for row in rows]

    def assert_enqueued(
        self, func: Callable[..., Any] | str, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Return the task in the queue that will make this call, with its options."""
        call = (get_func_repr(func), args, kwargs)
        tasks = [(get_func_repr(t["func"]), t["args"], t["kwargs"], t)
                 for t in self.read_queue()]  # fmt: skip
        for *other, task in tasks:
            if tuple(other) == call:
                return task
        calls = "\n".join(str(tuple(other)) for *other, _ in tasks) or "nothing"
        raise AssertionError(f"{call} is not in the queue; there is\n{calls}")

    def drain(
        self, *, failures: int | None = 0, limit: int = 1000
    ) -> list[dict[str, Any]]:
        """Run what is due, and what that enqueues; return the tasks with their results.

        Raises AssertionError unless exactly `failures` tasks fail (None: any number),
        or if more than `limit` tasks run.
        """
        broker, tasks = self.open_queue(), list[dict[str, Any]]()
        while broker.due().exists():
            if len(tasks) == limit:
                raise AssertionError(f"{limit} tasks ran; does one enqueue itself?")
            tasks.append(run_task(broker))
        errors = [task["result"] for task in tasks if not task["success"]]
        if failures is not None and len(errors) != failures:
            text = "\n".join(errors)
            raise AssertionError(f"{len(errors)} tasks failed, not {failures}\n{text}")
        return tasks

    def run_schedules(self) -> None:
        """Enqueue what is due now, as the scheduler of a cluster does."""
        with cluster_code():
            scheduler(self.open_queue())
