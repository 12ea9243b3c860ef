"""What runs in the project of a candidate: its enqueuing side."""

import random
import time
from importlib import import_module

from cookbook.harness import trial

PAUSE = 0.2  # Between two tasks: as long as the pauses of those that poll.


def send(module, count):
    """Enqueue tasks in a loop, and return how many a second."""
    enqueue = import_module(module).send
    enqueue("stamp", time.time())  # It opens what it needs.
    begin = time.perf_counter()
    for _ in range(count - 1):
        enqueue("stamp", time.time())
    return (count - 1) / (time.perf_counter() - begin)


def send_many(module, count):
    """Enqueue tasks with one call, and return how many a second."""
    enqueue = import_module(module).send_many
    first = time.time()  # Each number differs: it is how a task is known.
    enqueue("stamp", [first])
    numbers = [first + number / 2e5 for number in range(1, count)]
    begin = time.perf_counter()
    enqueue("stamp", numbers)
    return (count - 1) / (time.perf_counter() - begin)


def wait_for_each(module, count):
    """Enqueue tasks into an idle queue, one after the other has begun."""
    enqueue, journal = import_module(module).send, trial.journal()
    for _ in range(count):
        time.sleep(random.uniform(0, PAUSE))  # Else all would meet the same pause.
        size, end = journal.stat().st_size, time.monotonic() + 60
        enqueue("stamp", time.time())
        while journal.stat().st_size == size:
            assert time.monotonic() < end, "a task does not begin"
            time.sleep(0.001)
