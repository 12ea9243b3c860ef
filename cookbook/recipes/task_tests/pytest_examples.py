"""The same with pytest-django, and the one test that needs a cluster."""

import os
from typing import Any

from django_q.tasks import async_task, result

from .examples import register
from .mixins import QueueMixin


def test_the_task_runs(
    queue: QueueMixin, mailoutbox: list, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        register("zofie")
    queue.drain()
    assert mailoutbox[0].to == ["zofie@example.com"]


def test_a_task_runs_in_another_process(cluster: Any) -> None:
    worker = result(async_task("os.getpid"), wait=60_000)
    assert worker not in (None, os.getpid())
