"""A task that writes down when it begins and when it has ended."""

import os
import time
from pathlib import Path

from django_q.brokers import get_broker
from django_q.tasks import async_task

from cookbook.harness.trial import wait_until


def work(number, seconds):
    folder = Path(os.environ["WORKSPACE"])
    write_down(folder, "began", number)
    # The cluster that works off the rest has no need to be slow.
    time.sleep(0 if (folder / "quick").exists() else seconds)
    write_down(folder, "ended", number)


def write_down(folder, what, number):
    with (folder / "executions").open("a") as file:
        file.write(f"{what} {number}\n")


def enqueue(tasks, seconds):
    for number in range(tasks):
        async_task(work, number, seconds)


def drain():
    """Return when the broker has nothing left, locked or not."""
    broker = get_broker()
    wait_until(
        # Locked ones first: a lock that ends meanwhile counts twice, and not never.
        lambda: not (broker.lock_size() or 0) + broker.queue_size(),
        120,
        lambda: "the queue never became empty",
    )
