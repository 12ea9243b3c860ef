"""The keys of Q_CLUSTER that decide when a task is fetched, timed out and repeated."""

from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import observe, stop, wait_until, write, written


def fail():
    write("failed")
    raise ValueError("it always fails")


def send(looks, options):
    """Send a task that fails; count its runs until the broker no longer has it."""
    async_task(fail, **options)
    broker, empty = get_broker(), []

    def over():
        waits = OrmQ.objects.exists() or broker.queue_size() > 0
        empty.append(bool(written()) and not waits)
        return len(written()) == 3 or empty[-looks:] == [True] * looks

    wait_until(over, 60, lambda: f"{written()} and still in the queue")
    count = len(written())
    stop()
    return count


def runs(looks=1, options=None, **changes):
    """Return how often a task that always fails runs; 3 means three times or more.

    It stops when the queue was empty `looks` times in a row. Redis needs many looks,
    because a task that runs is no longer in the Redis queue.
    """
    return observe(send, looks, options or {}, **{"retry": 2} | changes)
