"""A receiver for every signal, and a hook; each writes down where it was called."""

import json
import os
from multiprocessing import current_process
from pathlib import Path
from time import sleep

from django.dispatch import Signal
from django_q import signals

NOTES = Path(os.environ["WORKSPACE"]) / "notes"
NAMES = [name for name, value in vars(signals).items() if type(value) is Signal]


def note(called, sender="-", arguments="-"):
    """Write down what was called; without a cluster's function it is the client."""
    target = getattr(current_process(), "_target", None)
    process = target.__name__.lower() if target else "client"
    with NOTES.open("a") as file:
        file.write(json.dumps([called, process, sender, arguments]) + "\n")


def notes():
    lines = NOTES.read_text().splitlines() if NOTES.exists() else []
    return [json.loads(line) for line in lines]


def receiver(name):
    def receive(sender, signal, **arguments):
        note(name, sender, " ".join(sorted(arguments)))
        failing = arguments.get("task", {"args": [os.environ.get("FAILING")]})["args"]
        if name in failing:
            sleep(1 if "slow" in failing else 0)
            raise ValueError(f"{name} failed")

    return receive


def listen():
    """Connect a receiver to each signal, which keeps only a weak reference to it."""
    for name in NAMES:
        getattr(signals, name).connect(receiver(name), weak=False)


def hook(task):
    note(f"hook of {task.name}")
    if task.name == "bad hook":
        raise ValueError("the hook failed")
