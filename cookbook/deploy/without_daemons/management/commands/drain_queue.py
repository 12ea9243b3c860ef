"""Run a cluster until the queue is empty or the time is over.

>>> from django.core.management import call_command
>>> from django_q.tasks import async_task, result
>>> tasks = [async_task(abs, -number) for number in range(3)]
>>> call_command("drain_queue", seconds=60, at_least=1)
0 tasks are left
>>> [result(task, wait=10_000) for task in tasks]
[0, 1, 2]

A cluster that has lost its sentinel cannot be stopped, so the command gives up:

>>> from unittest.mock import patch
>>> with patch("django_q.cluster.Sentinel.start"):
...     call_command("drain_queue")
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: the cluster has lost its sentinel

What the cluster holds when the time is over is worked off before it stops:

>>> from math import ceil
>>> from cookbook.deploy.without_daemons.settings import Q_CLUSTER
>>> held = Q_CLUSTER["workers"] + Q_CLUSTER["queue_limit"] + 1
>>> 45 + ceil(held / Q_CLUSTER["workers"]) * Q_CLUSTER["timeout"]
165
"""

from time import monotonic, sleep

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django_q.cluster import Cluster
from django_q.tasks import queue_size


class Command(BaseCommand):
    help = __doc__.split("\n")[0]

    def add_arguments(self, parser):
        parser.add_argument("--seconds", type=float, default=45)
        parser.add_argument("--at-least", type=float, default=0)

    def handle(self, *, seconds, at_least, **options):
        connections.close_all()  # The processes of the cluster open their own.
        cluster = Cluster()
        cluster.start()
        start = monotonic()
        while cluster.sentinel.is_alive():
            passed = monotonic() - start
            if passed >= seconds or (passed >= at_least and not queue_size()):
                cluster.stop()
            else:
                sleep(0.5)
        if not cluster.has_stopped:
            raise CommandError("the cluster has lost its sentinel")
        print(queue_size(), "tasks are left")
