"""The same for pytest: `pytest_plugins = ["task_tests.fixtures"]` in conftest.py."""

from collections.abc import Iterator

import pytest
from django_q.cluster import Cluster

from .clusters import run_cluster
from .mixins import QueueMixin


@pytest.fixture
def queue(db: None) -> QueueMixin:
    """The queue of this test: `queue.drain()`, `queue.assert_enqueued(…)`."""
    return QueueMixin()


@pytest.fixture
def cluster(transactional_db: None) -> Iterator[Cluster]:
    """A real cluster, which stops when the test ends."""
    with run_cluster() as running:
        yield running
