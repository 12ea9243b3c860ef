"""The program that every queue runs: its tasks write down what they do."""

import asyncio
import os
import socket
import time
from functools import cache
from importlib import import_module
from pathlib import Path

from django.contrib.admin import site
from django.db import transaction

from cookbook.harness import trial


def work(number):
    """Take 50 ms, or as long as the experiment holds its workers."""
    begin(number)
    time.sleep(0.05)
    hold = Path(os.environ["WORKSPACE"], "hold")
    trial.wait_until(lambda: not hold.exists(), 60, lambda: f"{number} is held")
    trial.write(f"end {number} {os.getpid()}")


def begin(number):
    trial.write(f"begin {number} {os.getpid()}")


def stamp(number):
    """Write down a time and the time now, as fast as a file allows."""
    os.write(journal(), f"{number:.6f} {time.time():.6f}\n".encode())
    return number  # Huey stores no result of a task that returns nothing.


@cache
def journal():
    return os.open(trial.journal(), os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def fail(number):
    begin(number)
    raise ValueError(number)


def hang(number):
    """Wait for an answer that nobody sends."""
    begin(number)
    pair = socket.socketpair()
    pair[0].recv(1)


async def pause(number):
    """Do the same as `work`, as a coroutine."""
    begin(number)
    await asyncio.sleep(0.05)
    trial.write(f"end {number} {os.getpid()}")


def tick(*_, **__):
    """Run every other minute."""
    with Path(os.environ["WORKSPACE"], "ticks").open("a") as file:
        file.write(f"{time.time()}\n")


def send(queue, name, numbers):
    """Enqueue one of the tasks for each number."""
    module = import_module(queue)
    for number in numbers:
        module.send(name, number)


def send_and_roll_back(queue, number):
    """Enqueue a task in a transaction that does not happen."""
    with transaction.atomic():
        send(queue, "work", [number])
        transaction.set_rollback(True)


def plan(queue):
    """Make the schedule, where it is a row of a table and not a line of code."""
    getattr(import_module(queue), "plan", int)()


def admin_pages(package):
    """Count the models of a package in Django's admin."""
    return sum(model.__module__.split(".")[0] == package for model in site._registry)
