"""Wait until the queue is empty and no worker is busy.

Three tasks of a second each, and two workers:

>>> from django.core.management import call_command
>>> from django_q.tasks import async_task
>>> for _ in range(3):
...     _ = async_task("time.sleep", 1)
>>> call_command("qdrain", seconds=60)
shop: ...
...
shop: 0 waiting; 0 fetched
drained

A queue that no setting names is an error, so a typing mistake never says "drained":

>>> call_command("qdrain", queues=["shpo"])
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: no setting names a queue 'shpo'; ...
"""

import json
import math
from argparse import ArgumentParser
from time import monotonic, sleep

from django.core.management.base import BaseCommand, CommandError
from django_q.conf import Conf

from ...counts import count, queue_names


class Command(BaseCommand):
    help = "Wait until the queue is empty and no worker is busy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue", action="append", dest="queues", metavar="NAME")
        parser.add_argument("--seconds", type=finite, default=300)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self,
        *,
        queues: list[str] | None,
        seconds: float,
        as_json: bool,
        **options: object,
    ) -> None:
        queues = queues or queue_names()
        if unknown := set(queues) - set(queue_names()):
            self.fail(
                f"no setting names a queue {', '.join(map(repr, sorted(unknown)))}; "
                f"Q_CLUSTER has {', '.join(map(repr, queue_names()))}"
            )
        # Between two reports of a cluster on Redis nobody sees a fetched task.
        quiet, start, empty, line = max(2, 4 * Conf.GUARD_CYCLE), monotonic(), None, ""
        while True:
            try:
                counts, now = count(queues), monotonic()
            except Exception as error:  # Each broker's driver has errors of its own.
                self.fail(f"the broker does not answer: {error}")
            last, line = line, sentence(counts)
            if line != last and not as_json:
                self.stdout.write(line)
            empty = None if any(counts.values()) else empty or now
            drained = empty is not None and now - empty >= quiet
            if drained or now - start >= seconds:
                break
            sleep(0.2)
        if as_json:
            report = {"drained": drained, "seconds": round(now - start, 1)}
            self.stdout.write(json.dumps(report | {"tasks": counts}))
        if not drained:
            raise CommandError(f"not drained after {seconds:g} seconds", returncode=1)
        if not as_json:
            self.stdout.write("drained")

    def fail(self, why: str) -> None:
        raise CommandError(why, returncode=2)


def finite(text: str) -> float:
    """Refuse what would never be over: `nan`, `inf` and 1e400."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def sentence(counts: dict[str, int]) -> str:
    """Return the counts as one line: the queues, then what clusters have of them."""
    held = [f"{counts[key]} {key}" for key in ("fetched", "running") if key in counts]
    queues = [key for key in counts if key not in ("fetched", "running")]
    waiting = ", ".join(f"{queue}: {counts[queue]} waiting" for queue in queues)
    return f"{waiting}; {', '.join(held)}"
