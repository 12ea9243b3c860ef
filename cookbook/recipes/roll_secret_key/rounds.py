"""Run clusters of two rounds on one queue, and count what becomes of their tasks."""

import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from django.conf import settings
from django.db import connections
from django.test import override_settings
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.tasks import async_task, result

# SECRET_KEY and SECRET_KEY_FALLBACKS before the change and in each of its rounds.
KEYS = [("old", []), ("old", ["new"]), ("new", ["old"]), ("new", [])]


@contextmanager
def keys(number):
    """Live under the settings of a round; rounds 1 and 2 have the broker."""
    key, fallbacks = KEYS[number]
    broker = f"{__package__}.brokers.{'RollingORM' if Conf.ORM else 'RollingRedis'}"
    with (
        override_settings(SECRET_KEY=key, SECRET_KEY_FALLBACKS=fallbacks),
        # Django-Q2 read its settings when it was imported.
        patch.object(Conf, "SECRET_KEY", key),
        patch.object(Conf, "BROKER_CLASS", broker if fallbacks else None),
        patch.object(Conf, "CLUSTER_NAME", "rolling"),
    ):
        yield


def here():
    """Say in which round the worker is that runs this."""
    return KEYS.index((settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS))


def side_by_side(*numbers):
    """Send tasks until the cluster of each round has run some of each round's tasks.

    Return `{(sent in round, run in round): tasks}`; a lost task was run in None.
    """
    counted = Counter()
    with ExitStack() as stack:
        for number in numbers:
            with keys(number):
                connections.close_all()  # The cluster is forked from this process.
                cluster = Cluster()
                cluster.start()
                stack.callback(cluster.stop)
        while len(counted) < len(numbers) ** 2:
            for number in numbers:
                with keys(number):
                    sent = [async_task(here) for _ in range(5)]
                deadline = time.monotonic() + 60
                for task in sent:
                    left = max(1, (deadline - time.monotonic()) * 1000)
                    counted[number, result(task, wait=left)] += 1
    return counted
