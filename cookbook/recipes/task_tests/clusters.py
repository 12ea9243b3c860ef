"""Run a real cluster in a test."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django_q.cluster import Cluster


@contextmanager
def run_cluster() -> Iterator[Cluster]:
    """Run a cluster on the test database until the block ends, then stop it."""
    for one in connections.all():
        if one.in_atomic_block:
            raise ImproperlyConfigured("use TransactionTestCase or transactional_db")
        if one.vendor == "sqlite" and one.is_in_memory_db():
            raise ImproperlyConfigured(
                "other processes cannot open a database in memory; in the settings of "
                'your tests: DATABASES["default"]["TEST"] = {"NAME": "test.sqlite3"}'
            )
    handlers = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    connections.close_all()  # A process must not share its connection with a fork.
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        for number, handler in handlers.items():
            signal.signal(number, handler)
