"""Run a cluster until the queue is empty or the time is over.

In `python manage.py shell`:

>>> from django.core.management import call_command
>>> from django_q.tasks import async_task, result
>>> tasks = [async_task(abs, -number) for number in range(3)]
>>> call_command("drain_queue", seconds=60, at_least=1)
0 tasks are left
>>> [result(task, wait=10_000) for task in tasks]
[0, 1, 2]

When the time is over, the cluster finishes the tasks that it has fetched, then stops.
With these settings a run of 45 seconds ends after this number of seconds at most:

>>> from math import ceil
>>> from django.conf import settings
>>> keys = settings.Q_CLUSTER
>>> held = keys["workers"] + keys["queue_limit"] + 1
>>> 45 + ceil(held / keys["workers"]) * keys["timeout"]
165
"""

import logging
import math
from time import monotonic, sleep

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.tasks import queue_size

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run a cluster until the queue is empty or the time is over."

    def add_arguments(self, parser: CommandParser) -> None:
        for name, default, text in (
            ("--seconds", 45, "when to stop (45)"),
            ("--at-least", 0, "how long to run even if the queue is empty (0)"),
        ):
            parser.add_argument(
                name, default=default, help=text, type=finite, metavar="SECONDS"
            )

    def handle(self, *, seconds: float, at_least: float, **_: object) -> None:
        if Conf.CLUSTER_NAME not in queue_names():
            raise CommandError(
                f"no setting names a queue {Conf.CLUSTER_NAME!r}; "
                f"Q_CLUSTER has {', '.join(map(repr, queue_names()))}"
            )
        connections.close_all()  # The processes of the cluster open their own.
        cluster = Cluster()
        cluster.start()
        start = monotonic()
        while cluster.sentinel.is_alive():
            passed = monotonic() - start
            if passed >= seconds or (passed >= at_least and waiting() == 0):
                cluster.stop()
            else:
                sleep(0.5)
        if not cluster.has_stopped:
            raise CommandError("the cluster has lost its sentinel")
        count = waiting()
        if count is None:
            raise CommandError("the cluster has stopped; its broker does not answer")
        self.stdout.write(f"{count} tasks are left")


def finite(text: str) -> float:
    """Refuse what would never be over: `nan`, `inf` and 1e400."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def queue_names() -> list[str]:
    """Return the queues that the settings name; Q_CLUSTER_NAME may be none of them."""
    keys = settings.Q_CLUSTER
    own = keys.get("cluster_name") or keys.get("name") or Conf.PREFIX
    return [own, *keys.get("ALT_CLUSTERS", {})]


def waiting() -> int | None:
    """Return the number of waiting tasks, or None if the broker does not answer."""
    try:
        return queue_size()
    except Exception:  # To end here would leave the cluster without its command.
        logger.warning("the queue cannot be counted", exc_info=True)
        return None
